using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Finds the tables that the fleet file chooses. pg_dump's own patterns are silent about a name that matches nothing, so each name is looked up.</summary>
internal static class TableChooser
{
    private const string All =
        """
        SELECT n.nspname, c.relname, c.relkind = 'p' AS is_partitioned,
               (SELECT pn.nspname FROM pg_class p JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE p.oid = pg_partition_root(c.oid)),
               (SELECT p.relname FROM pg_class p WHERE p.oid = pg_partition_root(c.oid))
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_toast%'
           AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
         ORDER BY 1, 2
        """;

    /// <exception cref="BackupException">A table that is named and not optional is not there, or nothing is.</exception>
    public static async Task<TableChoice> ChooseAsync(NpgsqlConnection connection, PostgresBackup wanted, CancellationToken cancellation)
    {
        var all = new List<(string Schema, string Table, bool IsPartitioned, string RootSchema, string Root)>();
        await using (var command = new NpgsqlCommand(All, connection))
        await using (var row = await command.ExecuteReaderAsync(cancellation))
            while (await row.ReadAsync(cancellation))
            {
                var (schema, table) = (row.GetString(0), row.GetString(1));
                all.Add((schema, table, row.GetBoolean(2), row.IsDBNull(3) ? schema : row.GetString(3), row.IsDBNull(4) ? table : row.GetString(4)));
            }

        if (IsWhole(wanted)) return new([.. all.Where(one => !one.IsPartitioned).Select(one => (one.Schema, one.Table))], [], []);
        var names = wanted.Tables.Concat(wanted.OptionalTables).Select(Split).ToHashSet();
        var chosen = all.Where(one => names.Contains((one.RootSchema, one.Root)) || names.Contains((one.Schema, one.Table))
            || (one.RootSchema == "public" && wanted.Prefixes.Any(prefix => one.Root.StartsWith(prefix, StringComparison.Ordinal)))).ToArray();
        foreach (var required in wanted.Tables)
            if (!all.Exists(one => (one.Schema, one.Table) == Split(required)))
                throw new BackupException($"Table {required} is not in the database, or {connection.UserName} may not see it. Fix: correct databases[].tables of {wanted.Name}, or name it in optionalTables.", isLasting: true);
        foreach (var prefix in wanted.Prefixes)
            if (!all.Exists(one => one.Schema == "public" && one.Table.StartsWith(prefix, StringComparison.Ordinal)))
                throw new BackupException($"No table of schema public begins with {prefix}. Fix: correct databases[].prefixes of {wanted.Name}.", isLasting: true);
        return new(
            [.. chosen.Where(one => !one.IsPartitioned).Select(one => (one.Schema, one.Table))],
            [.. chosen.Select(one => (one.Schema, one.Table))],
            [.. wanted.OptionalTables.Where(optional => !all.Exists(one => (one.Schema, one.Table) == Split(optional))).Select(optional => $"optional table {optional} is not there")]);
    }

    public static bool IsWhole(PostgresBackup wanted) => wanted.Tables.Count + wanted.Prefixes.Count + wanted.OptionalTables.Count == 0;

    private static (string Schema, string Table) Split(string name) => name.IndexOf('.') is var dot and >= 0 ? (name[..dot], name[(dot + 1)..]) : ("public", name);
}
