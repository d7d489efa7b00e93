using System.Globalization;
using NpgsqlTypes;

namespace WhatsOps.Fleet;

/// <summary>
/// A product that is its own gateway: each of its sessions is a tenant. Its rows are its own: they follow the connection by themselves, and nothing is
/// ever written. A session that is gone is gone from here, too, so nothing misses it.
/// </summary>
internal abstract class InstancesAsTenants(ProductDatabases databases, TimeProvider time) : ITenantDirectory, ITenantDirectoryInspector, IIntegrationRows
{
    private const int Most = 20_000;

    /// <summary>The columns it reads, by table; the first table is the one whose rows are tenants.</summary>
    protected abstract IReadOnlyList<(string Table, string[] Columns)> Needed { get; }

    public Task<IReadOnlyList<Tenant>> ListAsync(FleetSystem system, CancellationToken cancellation) => ReadAsync(system, null, cancellation);

    public async Task<Tenant?> FindAsync(FleetSystem system, string slug, CancellationToken cancellation) => (await ReadAsync(system, slug, cancellation)).SingleOrDefault();

    public Task<TimeSpan> PingAsync(FleetSystem system, CancellationToken cancellation) => databases.PingAsync(system, time, cancellation);

    public Task<string> ExportIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation) => Task.FromResult("[]");

    public bool IsBareIntegration(string rows) => true;

    public Task<int> DeleteIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation) => Task.FromResult(0);

    public Task ImportIntegrationAsync(FleetSystem system, string slug, string rows, CancellationToken cancellation) => Task.CompletedTask;

    public Task SaveIntegrationAsync(FleetSystem system, string slug, SavedIntegration integration, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<DirectoryState> InspectAsync(FleetSystem system, CancellationToken cancellation)
    {
        var database = databases.Open(system);
        var columns = new HashSet<(string Table, string Column)>();
        await using (var command = database.CreateCommand("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = ANY($2)"))
        {
            command.Parameters.Add(new() { Value = system.TenantDirectory!.Schema });
            command.Parameters.Add(new() { Value = Needed.Select(needed => needed.Table).ToArray() });
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) columns.Add((rows.GetString(0), rows.GetString(1)));
        }

        var started = time.GetTimestamp();
        await using var about = database.CreateCommand(
            "SELECT current_database(), current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), clock_timestamp(), coalesce(row_security_active(to_regclass($1)), false)");
        about.Parameters.Add(new() { Value = Table(system, Needed[0].Table) });
        await using var row = await about.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(
            row.GetString(0), row.GetString(1), row.GetBoolean(2), time.GetElapsedTime(started), row.GetFieldValue<DateTimeOffset>(3) - time.GetUtcNow(),
            [.. from needed in Needed from column in needed.Columns where !columns.Contains((needed.Table, column)) select $"{needed.Table}.{column}"], [], [], row.GetBoolean(4));
    }

    /// <summary>Every session as the row that a product would have of it.</summary>
    async Task<IntegrationRows> IIntegrationRows.ReadAsync(FleetSystem system, CancellationToken cancellation)
    {
        var tenants = await ReadAsync(system, null, cancellation);
        return new([.. tenants.Take(Most).Select(tenant => new IntegrationRow(tenant.Slug, tenant.Slug, tenant.IsActive, true, null, system.InstancePrefix + tenant.Slug, null, [], false))], tenants.Count, false, tenants.Count > Most);
    }

    /// <summary>SQL of its sessions: name, status, updated_at, and is_active, whether anybody wants the session watched.</summary>
    protected abstract string Sessions(FleetSystem system);

    protected static string Table(FleetSystem system, string name) => string.Create(CultureInfo.InvariantCulture, $"\"{system.TenantDirectory!.Schema}\".\"{name}\"");

    /// <param name="slug">One exact slug, or null for all.</param>
    private async Task<IReadOnlyList<Tenant>> ReadAsync(FleetSystem system, string? slug, CancellationToken cancellation)
    {
        await using var command = databases.Open(system).CreateCommand(
            $"""
            SELECT name, status, updated_at::timestamptz, is_active FROM ({Sessions(system)}) AS sessions
            WHERE ($1::text IS NULL OR name = $1) AND starts_with(name, $2) AND name <> $2 ORDER BY name
            """);
        command.Parameters.Add(new() { Value = slug is null ? DBNull.Value : system.InstancePrefix + slug, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = system.InstancePrefix });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var tenants = new List<Tenant>();
        while (await row.ReadAsync(cancellation))
        {
            var name = row.GetString(0);
            tenants.Add(new(system.Name, name[system.InstancePrefix.Length..], row.GetBoolean(3),
                new(name, IsActive: true, await row.IsDBNullAsync(1, cancellation) ? null : row.GetString(1), null, null, row.GetFieldValue<DateTimeOffset?>(2))));
        }

        return tenants;
    }
}
