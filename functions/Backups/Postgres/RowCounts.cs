using Npgsql;

namespace WhatsOps.Backups;

/// <summary>Rows per table, by counting them.</summary>
internal static class RowCounts
{
    public static async Task<IReadOnlyDictionary<string, long>> OfAsync(NpgsqlConnection connection, IEnumerable<(string Schema, string Table)> tables, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (schema, table) in tables)
        {
            await using var command = new NpgsqlCommand($"SELECT count(*) FROM ONLY {SqlName.Quoted(schema)}.{SqlName.Quoted(table)}", connection);
            counts[$"{schema}.{table}"] = (long)(await command.ExecuteScalarAsync(cancellation))!;
        }

        return counts;
    }
}
