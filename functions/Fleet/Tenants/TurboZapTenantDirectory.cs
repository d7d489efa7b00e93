using Npgsql;

namespace WhatsOps.Fleet;

/// <summary>
/// A TurboZap that stands alone: each of its instances with the system's prefix is a tenant. Its rows are its own: they follow the connection by
/// themselves, and nothing is ever written. An instance that is gone is gone from here, too, so nothing misses it.
/// </summary>
internal sealed class TurboZapTenantDirectory(ProductDatabases databases, TimeProvider time) : ITenantDirectory, ITenantDirectoryInspector, IIntegrationRows
{
    private const int Most = 20_000;
    private static readonly string[] Needed = ["name", "status", "device_jid", "updated_at"];

    public Task<IReadOnlyList<Tenant>> ListAsync(FleetSystem system, CancellationToken cancellation) => ReadAsync(system, null, cancellation);

    public async Task<Tenant?> FindAsync(FleetSystem system, string slug, CancellationToken cancellation) =>
        (await ReadAsync(system, system.InstancePrefix + slug, cancellation)).SingleOrDefault();

    public Task<TimeSpan> PingAsync(FleetSystem system, CancellationToken cancellation) => databases.PingAsync(system, time, cancellation);

    public Task<string> ExportIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation) => Task.FromResult("[]");

    public bool IsBareIntegration(string rows) => true;

    public Task<int> DeleteIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation) => Task.FromResult(0);

    public Task ImportIntegrationAsync(FleetSystem system, string slug, string rows, CancellationToken cancellation) => Task.CompletedTask;

    public Task SaveIntegrationAsync(FleetSystem system, string slug, SavedIntegration integration, CancellationToken cancellation) => Task.CompletedTask;

    public async Task<DirectoryState> InspectAsync(FleetSystem system, CancellationToken cancellation)
    {
        var database = databases.Open(system);
        var columns = new HashSet<string>(StringComparer.Ordinal);
        await using (var command = database.CreateCommand("SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = 'instances'"))
        {
            command.Parameters.Add(new() { Value = system.TenantDirectory!.Schema });
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) columns.Add(rows.GetString(0));
        }

        var started = time.GetTimestamp();
        await using var about = database.CreateCommand(
            "SELECT current_database(), current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), clock_timestamp(), coalesce(row_security_active(to_regclass($1)), false)");
        about.Parameters.Add(new() { Value = Table(system) });
        await using var row = await about.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(
            row.GetString(0), row.GetString(1), row.GetBoolean(2), time.GetElapsedTime(started), row.GetFieldValue<DateTimeOffset>(3) - time.GetUtcNow(),
            [.. Needed.Where(name => !columns.Contains(name)).Select(name => $"instances.{name}")], [], [], row.GetBoolean(4));
    }

    /// <summary>Every instance as the row that a product would have of it.</summary>
    async Task<IntegrationRows> IIntegrationRows.ReadAsync(FleetSystem system, CancellationToken cancellation)
    {
        var tenants = await ReadAsync(system, null, cancellation);
        return new([.. tenants.Take(Most).Select(tenant => new IntegrationRow(tenant.Slug, tenant.Slug, true, true, null, system.InstancePrefix + tenant.Slug, null, [], false))], tenants.Count, false, tenants.Count > Most);
    }

    private async Task<IReadOnlyList<Tenant>> ReadAsync(FleetSystem system, string? instance, CancellationToken cancellation)
    {
        await using var command = databases.Open(system).CreateCommand(
            $"SELECT name, status, updated_at::timestamptz FROM {Table(system)} WHERE ($1::text IS NULL OR name = $1) AND starts_with(name, $2) AND name <> $2 ORDER BY name");
        command.Parameters.Add(new() { Value = (object?)instance ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = system.InstancePrefix });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var tenants = new List<Tenant>();
        while (await row.ReadAsync(cancellation))
        {
            var name = row.GetString(0);
            tenants.Add(new(system.Name, name[system.InstancePrefix.Length..], IsActive: true,
                new(name, IsActive: true, await row.IsDBNullAsync(1, cancellation) ? null : row.GetString(1), null, null, row.GetFieldValue<DateTimeOffset?>(2))));
        }

        return tenants;
    }

    private static string Table(FleetSystem system) => $"\"{system.TenantDirectory!.Schema}\".instances";
}
