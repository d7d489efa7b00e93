namespace WhatsOps.Fleet;

/// <summary>A TurboZap that stands alone: each of its instances with the system's prefix is a tenant.</summary>
internal sealed class TurboZapTenantDirectory(ProductDatabases databases, TimeProvider time) : InstancesAsTenants(databases, time)
{
    private static readonly (string, string[])[] Read = [("instances", ["name", "status", "device_jid", "updated_at"])];

    protected override IReadOnlyList<(string Table, string[] Columns)> Needed => Read;

    protected override async Task<IReadOnlyList<Tenant>> ReadAsync(FleetSystem system, string? slug, CancellationToken cancellation)
    {
        await using var command = Command(
            system, $"SELECT name, status, updated_at::timestamptz FROM {Table(system, "instances")} WHERE ($1::text IS NULL OR name = $1) AND starts_with(name, $2) AND name <> $2 ORDER BY name");
        command.Parameters.Add(new() { Value = slug is null ? DBNull.Value : system.InstancePrefix + slug, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
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
}
