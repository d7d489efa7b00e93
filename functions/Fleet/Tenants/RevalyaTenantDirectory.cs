using System.Collections.Concurrent;
using Npgsql;

namespace WhatsOps.Fleet;

/// <summary>
/// Tenants in Revalya's tables tenants and tenant_integrations. Slugs compare exactly (the product's own ilike hits other tenants).
/// The role needs BYPASSRLS or policies of its own: the product's policies depend on a per-user setting.
/// </summary>
internal sealed class RevalyaTenantDirectory(ProductDatabases databases, TimeProvider time) : ITenantDirectory, ITenantDirectoryInspector
{
    private static readonly TimeSpan ShapeMaxAge = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<(NpgsqlDataSource, string), (RevalyaSchema Tables, long ReadAt)> _shapes = new();

    public async Task<IReadOnlyList<Tenant>> ListAsync(FleetSystem system, CancellationToken cancellation)
    {
        var (database, tables) = await OpenAsync(system, cancellation);
        var tenants = await ReadAsync(database, tables, system.Name, null, cancellation);
        // An empty answer that row level security made would read as "nothing to watch": absent is never healthy.
        if (tenants.Count == 0 && await IsFilteredAsync(database, tables, cancellation))
            throw new ProblemException(503, $"Row level security shows WhatsOps no tenant of {system.Name}.", null, "Give its role BYPASSRLS or a policy of its own (docs/fleet-file.md).");
        return tenants;
    }

    public async Task<Tenant?> FindAsync(FleetSystem system, string slug, CancellationToken cancellation)
    {
        var (database, tables) = await OpenAsync(system, cancellation);
        return (await ReadAsync(database, tables, system.Name, slug, cancellation)).SingleOrDefault();
    }

    public Task<TimeSpan> PingAsync(FleetSystem system, CancellationToken cancellation) => databases.PingAsync(system, time, cancellation);

    public async Task<string> ExportIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation)
    {
        var (database, tables) = await OpenAsync(system, cancellation);
        await using var command = database.CreateCommand(
            $"SELECT coalesce(jsonb_agg(to_jsonb(i)), '[]')::text FROM {tables.Integrations} i WHERE {OfTenant(tables)}");
        command.Parameters.Add(new() { Value = slug });
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public bool IsBareIntegration(string rows) => RevalyaIntegrationWriter.WroteAll(rows);

    public async Task<int> DeleteIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation)
    {
        var (database, tables) = await OpenAsync(system, cancellation);
        await using var command = database.CreateCommand($"DELETE FROM {tables.Integrations} i WHERE {OfTenant(tables)}");
        command.Parameters.Add(new() { Value = slug });
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task ImportIntegrationAsync(FleetSystem system, string slug, string rows, CancellationToken cancellation)
    {
        var (database, tables) = await OpenAsync(system, cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var delete = new NpgsqlCommand($"DELETE FROM {tables.Integrations} i WHERE {OfTenant(tables)}", connection, transaction))
        {
            delete.Parameters.Add(new() { Value = slug });
            await delete.ExecuteNonQueryAsync(cancellation);
        }

        // The condition again on what comes in: an export of one tenant can never be written into another.
        await using var insert = new NpgsqlCommand(
            $"""
            INSERT INTO {tables.Integrations} ({tables.Insertable}) OVERRIDING SYSTEM VALUE
            SELECT {tables.Insertable} FROM jsonb_populate_recordset(NULL::{tables.Integrations}, $2::jsonb) i WHERE {OfTenant(tables)}
            """, connection, transaction);
        insert.Parameters.Add(new() { Value = slug });
        insert.Parameters.Add(new() { Value = rows });
        await insert.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async Task SaveIntegrationAsync(FleetSystem system, string slug, SavedIntegration integration, CancellationToken cancellation)
    {
        var (database, tables) = await OpenAsync(system, cancellation);
        await RevalyaIntegrationWriter.SaveAsync(database, tables, slug, integration, cancellation);
    }

    public Task<DirectoryState> InspectAsync(FleetSystem system, CancellationToken cancellation) =>
        RevalyaInspection.RunAsync(databases.Open(system), system.TenantDirectory!.Schema, time, cancellation);

    private static string OfTenant(RevalyaSchema tables) =>
        $"i.integration_type = 'whatsapp' AND i.tenant_id = (SELECT t.id FROM {tables.Tenants} t WHERE t.slug::text = $1)";

    private static async Task<IReadOnlyList<Tenant>> ReadAsync(
        NpgsqlDataSource database, RevalyaSchema tables, string system, string? slug, CancellationToken cancellation)
    {
        // One row per tenant: production before sandbox, then the newest.
        await using var command = database.CreateCommand(
            $"""
            SELECT t.slug::text, coalesce(t.{tables.ActiveColumn}, false), i.tenant_id IS NOT NULL, i.instance_name, i.is_active, i.connection_status, i.api_url, i.webhook_url, i.updated_at
              FROM {tables.Tenants} t
              LEFT JOIN (
                SELECT DISTINCT ON (i.tenant_id) i.tenant_id, coalesce(i.is_active, false) AS is_active,
                       i.config::jsonb ->> 'instance_name' AS instance_name, i.config::jsonb ->> 'api_url' AS api_url,
                       {tables.Column("connection_status", "text")} AS connection_status, {tables.Column("webhook_url", "text")} AS webhook_url,
                       {tables.Column("updated_at", "timestamptz")}::timestamptz AS updated_at
                  FROM {tables.Integrations} i
                 WHERE i.integration_type = 'whatsapp'
                 ORDER BY i.tenant_id, ({tables.Column("environment", "text")} = 'production') DESC NULLS LAST, {tables.Column("updated_at", "timestamptz")} DESC NULLS LAST
              ) i ON i.tenant_id = t.id
             {(slug is null ? "" : "WHERE t.slug::text = $1")}
             ORDER BY t.slug
            """);
        if (slug is not null) command.Parameters.Add(new() { Value = slug });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var tenants = new List<Tenant>();
        while (await reader.ReadAsync(cancellation))
        {
            var integration = reader.GetBoolean(2)
                ? new TenantIntegration(Text(reader, 3), reader.GetBoolean(4), Text(reader, 5), Text(reader, 6), Text(reader, 7),
                    reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8))
                : null;
            tenants.Add(new Tenant(system, reader.GetString(0), reader.GetBoolean(1), integration));
        }

        return tenants;
    }

    // An empty text is no value: the product's page leaves "" behind.
    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) || reader.GetString(column).Length == 0 ? null : reader.GetString(column);

    private static async Task<bool> IsFilteredAsync(NpgsqlDataSource database, RevalyaSchema tables, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT row_security_active($1)");
        command.Parameters.Add(new() { Value = tables.Tenants });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<(NpgsqlDataSource Database, RevalyaSchema Tables)> OpenAsync(FleetSystem system, CancellationToken cancellation)
    {
        var database = databases.Open(system);
        var key = (database, system.TenantDirectory!.Schema);
        if (_shapes.TryGetValue(key, out var shape) && time.GetElapsedTime(shape.ReadAt) < ShapeMaxAge) return (database, shape.Tables);
        var tables = await RevalyaSchema.DiscoverAsync(database, system.TenantDirectory.Schema, cancellation);
        if (tables.Missing.Count > 0)
            throw new ProblemException(503, $"The database of {system.Name} lacks {string.Join(", ", tables.Missing)} (or WhatsOps may not read it).", null, "See the grants in docs/fleet-file.md.");
        _shapes[key] = (tables, time.GetTimestamp());
        return (database, tables);
    }
}
