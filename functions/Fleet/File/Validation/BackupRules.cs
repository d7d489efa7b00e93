namespace WhatsOps.Fleet;

/// <summary>Rules of <c>systems[].backup</c>.</summary>
internal static class BackupRules
{
    private const int MostKept = 3660;

    public static void Check(BackupOptions backup, string path, FleetProblems problems)
    {
        FleetRules.Range(backup.StaleHours, 1, 24 * 40, $"{path}.staleHours", problems);
        FleetRules.Range(backup.Keep.Days, 1, MostKept, $"{path}.keep.days", problems);
        FleetRules.Range(backup.Keep.Weeks, 0, MostKept, $"{path}.keep.weeks", problems);
        FleetRules.Range(backup.Keep.Months, 0, MostKept, $"{path}.keep.months", problems);
        if (backup.Databases.Count == 0) problems.Add($"{path}.databases", "names no database", "name at least one, or leave backup out");
        FleetRules.Unique(backup.Databases, database => database.Name, $"{path}.databases", "name", problems);
        for (var index = 0; index < backup.Databases.Count; index++) Database(backup.Databases[index], $"{path}.databases[{index}]", problems);
    }

    private static void Database(PostgresBackup database, string path, FleetProblems problems)
    {
        FleetRules.Name(database.Name, $"{path}.name", problems);
        if (database.Name == "fleet") problems.Add($"{path}.name", "is the name of the part that holds the fleet file", "use another one");
        if (database.Own && database.ConnectionString is not null) problems.Add($"{path}.connectionString", "stands beside own", "leave one of the two out: own is WhatsOps' own database");
        if (!database.Own) FleetRules.Secret(database.ConnectionString ?? "", $"{path}.connectionString", "${env:PRODUCT_DATABASE}", problems);
        if (database.ScratchConnectionString is { } scratch) FleetRules.Secret(scratch, $"{path}.scratchConnectionString", "${env:SCRATCH_DATABASE}", problems);
        Names(database.Tables, $"{path}.tables", problems);
        Names(database.OptionalTables, $"{path}.optionalTables", problems);
        Names(database.Prefixes, $"{path}.prefixes", problems);
    }

    private static void Names(IReadOnlyList<string> names, string path, FleetProblems problems)
    {
        for (var index = 0; index < names.Count; index++)
            // pg_dump would take a star for a pattern; here a name is a name.
            if (string.IsNullOrWhiteSpace(names[index]) || names[index].AsSpan().IndexOfAny("*?\"") >= 0 || names[index].Count(letter => letter == '.') > 1)
                problems.Add($"{path}[{index}]", "is no name of a table", "write table or schema.table, exactly, without patterns");
    }
}
