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
        var names = (IReadOnlyList<string>)[.. backup.Databases.Select(part => part.Name), .. backup.Redis.Select(part => part.Name), .. backup.Files.Select(part => part.Name), .. backup.Objects.Select(part => part.Name)];
        if (names.Count == 0) problems.Add(path, "names neither databases nor redis nor files nor objects", "name at least one, or leave backup out");
        foreach (var twice in names.GroupBy(name => name).Where(same => same.Count() > 1)) problems.Add(path, $"has {twice.Count()} parts of the name {twice.Key}", "each needs its own name");
        Each(backup.Databases, $"{path}.databases", Database);
        Each(backup.Redis, $"{path}.redis", Redis);
        Each(backup.Files, $"{path}.files", Files);
        Each(backup.Objects, $"{path}.objects", Objects);
        Each(backup.Services, $"{path}.services", Container);

        void Each<T>(IReadOnlyList<T> parts, string list, Action<T, string, FleetProblems> check)
        {
            for (var index = 0; index < parts.Count; index++) check(parts[index], $"{list}[{index}]", problems);
        }
    }

    private static void Database(PostgresBackup database, string path, FleetProblems problems)
    {
        PartName(database.Name, path, problems);
        if (database.Own && database.ConnectionString is not null) problems.Add($"{path}.connectionString", "stands beside own", "leave one of the two out: own is WhatsOps' own database");
        if (!database.Own) FleetRules.Secret(database.ConnectionString ?? "", $"{path}.connectionString", "${env:PRODUCT_DATABASE}", problems);
        if (database.ScratchConnectionString is { } scratch) FleetRules.Secret(scratch, $"{path}.scratchConnectionString", "${env:SCRATCH_DATABASE}", problems);
        Names(database.Tables, $"{path}.tables", problems);
        Names(database.OptionalTables, $"{path}.optionalTables", problems);
        Names(database.Prefixes, $"{path}.prefixes", problems);
    }

    private static void Redis(RedisBackup redis, string path, FleetProblems problems)
    {
        PartName(redis.Name, path, problems);
        FleetRules.Secret(redis.ConnectionString, $"{path}.connectionString", "${env:REDIS}", problems);
        for (var index = 0; index < redis.Prefixes.Count; index++)
            if (redis.Prefixes[index].Length == 0 || redis.Prefixes[index].AsSpan().IndexOfAny("*?[]\\") >= 0)
                problems.Add($"{path}.prefixes[{index}]", "is no beginning of keys", "write it without patterns, or leave prefixes out for the whole database");
    }

    private static void Files(FilesBackup files, string path, FleetProblems problems)
    {
        PartName(files.Name, path, problems);
        if (files.From is { } container) Container(container, $"{path}.from", problems);
        if (files.Paths.Count == 0) problems.Add($"{path}.paths", "names no file", "name at least one");
        for (var index = 0; index < files.Paths.Count; index++) AbsolutePath(files.Paths[index], $"{path}.paths[{index}]", problems);
    }

    private static void Objects(ObjectsBackup objects, string path, FleetProblems problems)
    {
        PartName(objects.Name, path, problems);
        if (!Uri.TryCreate(objects.Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.UserInfo.Length > 0)
            problems.Add($"{path}.endpoint", "is no address of an object store", "write https:// with host and port, without user and password");
        if (string.IsNullOrWhiteSpace(objects.Bucket)) problems.Add($"{path}.bucket", "is empty", "write the bucket's exact name");
        FleetRules.Secret(objects.AccessKey, $"{path}.accessKey", "${env:S3_ACCESS_KEY}", problems);
        FleetRules.Secret(objects.SecretKey, $"{path}.secretKey", "${env:S3_SECRET_KEY}", problems);
    }

    internal static void Container(ContainerReference container, string path, FleetProblems problems)
    {
        if (string.IsNullOrWhiteSpace(container.Container)) problems.Add($"{path}.container", "is empty", "write the container's exact name: docker ps -a lists them");
        Engine(container.Engine, $"{path}.engine", problems);
    }

    internal static void Engine(string address, string path, FleetProblems problems)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var engine) || engine.Scheme is not ("unix" or "http" or "https" or "tcp") || engine.UserInfo.Length > 0)
            problems.Add(path, "is no address of a container engine", "write unix:///var/run/docker.sock, or http:// with host and port");
    }

    internal static void AbsolutePath(string value, string path, FleetProblems problems)
    {
        if (value is not ['/', not '/', ..] || value.Split('/').Contains("..")) problems.Add(path, "is no absolute path below /", "write it whole, e.g. /app/.env");
    }

    private static void PartName(string name, string path, FleetProblems problems)
    {
        FleetRules.Name(name, $"{path}.name", problems);
        if (name == "fleet") problems.Add($"{path}.name", "is the name of the part that holds the fleet file", "use another one");
    }

    private static void Names(IReadOnlyList<string> names, string path, FleetProblems problems)
    {
        for (var index = 0; index < names.Count; index++)
            // pg_dump would take a star for a pattern; here a name is a name.
            if (string.IsNullOrWhiteSpace(names[index]) || names[index].AsSpan().IndexOfAny("*?\"") >= 0 || names[index].Count(letter => letter == '.') > 1)
                problems.Add($"{path}[{index}]", "is no name of a table", "write table or schema.table, exactly, without patterns");
    }
}
