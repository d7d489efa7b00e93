using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>Where two customers could meet: one instance in two rows, one name on two gateways.</summary>
internal static class IsolationRules
{
    /// <summary>Instance names in active rows of more than one tenant, with those tenants.</summary>
    public static IReadOnlyList<(string Instance, IReadOnlyList<string> Tenants)> Shared(IEnumerable<IntegrationRow> rows) =>
    [
        .. rows.Where(row => row is { IsActive: true, InstanceName: not null, Slug: not null })
            .GroupBy(row => row.InstanceName!, StringComparer.Ordinal)
            .Select(same => (same.Key, Tenants: (IReadOnlyList<string>)[.. same.Select(row => row.Slug!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]))
            .Where(shared => shared.Tenants.Count > 1)
    ];

    /// <summary>Instances of this system that more than one gateway lists; open on how many of them.</summary>
    public static IReadOnlyList<(string Instance, IReadOnlyList<string> Gateways, int Open)> Doubled(string prefix, IEnumerable<GatewayView> gateways) =>
    [
        .. gateways.SelectMany(gateway => gateway.Instances.Values.Where(instance => instance.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(instance => (Gateway: gateway.Name, Instance: instance)))
            .GroupBy(place => place.Instance.Name, StringComparer.Ordinal)
            .Where(same => same.Count() > 1)
            .Select(same => (same.Key, (IReadOnlyList<string>)[.. same.Select(place => place.Gateway)], same.Count(place => place.Instance.State == InstanceState.Open)))
    ];
}
