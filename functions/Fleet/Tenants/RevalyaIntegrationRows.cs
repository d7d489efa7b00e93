using Npgsql;

namespace WhatsOps.Fleet;

/// <inheritdoc cref="IIntegrationRows"/>
internal sealed class RevalyaIntegrationRows(ProductDatabases databases) : IIntegrationRows
{
    private const int Most = 20_000;

    public async Task<IntegrationRows> ReadAsync(FleetSystem system, CancellationToken cancellation)
    {
        var database = databases.Open(system);
        var tables = await RevalyaSchema.DiscoverAsync(database, system.TenantDirectory!.Schema, cancellation);
        if (tables.Missing.Count > 0)
            throw new ProblemException(503, $"The database of {system.Name} lacks {string.Join(", ", tables.Missing)} (or WhatsOps may not read it).", null, "See the grants in docs/fleet-file.md.");
        await using var about = database.CreateCommand(
            $"SELECT (SELECT count(*) FROM {tables.Tenants}), row_security_active($1) OR row_security_active($2)");
        about.Parameters.Add(new() { Value = tables.Tenants });
        about.Parameters.Add(new() { Value = tables.Integrations });
        await using (var row = await about.ExecuteReaderAsync(cancellation))
        {
            await row.ReadAsync(cancellation);
            var (tenants, isFiltered) = (row.GetInt64(0), row.GetBoolean(1));
            await row.CloseAsync();
            var rows = await RowsAsync(database, tables, cancellation);
            return new IntegrationRows([.. rows.Take(Most)], tenants, isFiltered, rows.Count > Most);
        }
    }

    private static async Task<List<IntegrationRow>> RowsAsync(NpgsqlDataSource database, RevalyaSchema tables, CancellationToken cancellation)
    {
        // Whether a key is there is decided in the product's database: it never leaves it.
        await using var command = database.CreateCommand(
            $"""
            SELECT coalesce({tables.Column("id", "text")}::text, i.tenant_id::text || '/' || coalesce({tables.Column("environment", "text")}::text, '')),
                   t.slug::text, coalesce(t.{tables.ActiveColumn}, false), coalesce(i.is_active, false), {tables.Column("environment", "text")}::text,
                   nullif(i.config::jsonb ->> 'instance_name', ''), nullif(i.config::jsonb ->> 'api_url', ''),
                   ARRAY(SELECT key FROM unnest(ARRAY['instance_name', 'api_url', 'environment']) AS key WHERE nullif(i.config::jsonb ->> key, '') IS NULL),
                   nullif(i.config::jsonb ->> 'api_key', '') IS NOT NULL
              FROM {tables.Integrations} i LEFT JOIN {tables.Tenants} t ON t.id = i.tenant_id
             WHERE i.integration_type = 'whatsapp' ORDER BY t.slug NULLS LAST, 1 LIMIT {Most + 1}
            """);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<IntegrationRow>();
        while (await row.ReadAsync(cancellation))
            rows.Add(new(row.GetString(0), Text(row, 1), row.GetBoolean(2), row.GetBoolean(3), Text(row, 4), Text(row, 5), Text(row, 6), row.GetFieldValue<string[]>(7), row.GetBoolean(8)));
        return rows;
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
