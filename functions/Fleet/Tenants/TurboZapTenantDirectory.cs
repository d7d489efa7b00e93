namespace WhatsOps.Fleet;

/// <summary>A TurboZap that stands alone: each of its instances with the system's prefix is a tenant.</summary>
internal sealed class TurboZapTenantDirectory(ProductDatabases databases, TimeProvider time) : InstancesAsTenants(databases, time)
{
    private static readonly (string, string[])[] Read = [("instances", ["name", "status", "device_jid", "updated_at"])];

    protected override IReadOnlyList<(string Table, string[] Columns)> Needed => Read;

    protected override string Sessions(FleetSystem system) => $"SELECT name, status, updated_at, true AS is_active FROM {Table(system, "instances")}";
}
