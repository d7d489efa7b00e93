using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>What we knew of a system's instances before this sweep.</summary>
internal sealed class SystemMemory(
    IReadOnlyList<InstanceStatus> statuses, IReadOnlyDictionary<string, int> disconnections, IReadOnlyDictionary<string, int> qrCodes)
{
    private readonly Dictionary<(string Tenant, string Instance), InstanceStatus> byPlace =
        statuses.GroupBy(status => (status.Tenant, status.Instance)).ToDictionary(same => same.Key, same => same.MaxBy(status => status.SeenAt)!);

    public static async Task<SystemMemory> RecallAsync(IInstanceStates states, FleetSystem system, DateTimeOffset now, CancellationToken cancellation) => new(
        await states.ListAsync(system.Name, cancellation),
        await states.DisconnectionsAsync(system.Name, now.AddHours(-system.Thresholds.DisconnectionWindowHours), cancellation),
        await states.QrCodesAsync(system.Name, now.AddHours(-1), cancellation));

    public InstanceStatus? Of(string tenant, string instance) => byPlace.GetValueOrDefault((tenant, instance));

    public int Disconnections(string instance) => disconnections.GetValueOrDefault(instance);

    public int QrCodes(string instance) => qrCodes.GetValueOrDefault(instance);

    /// <summary>How many tenants were ever seen: who is hit, while the product's database is down.</summary>
    public int TenantCount => byPlace.Keys.Select(place => place.Tenant).Distinct(StringComparer.Ordinal).Count();

    /// <summary>The tenants last seen on a gateway: who is behind it, while the product's database is down.</summary>
    public IReadOnlyList<string> TenantsOn(string gateway) =>
        [.. byPlace.Values.Where(status => status.Gateway == gateway).Select(status => status.Tenant).Distinct(StringComparer.Ordinal)];
}
