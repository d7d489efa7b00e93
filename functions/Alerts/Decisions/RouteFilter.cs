using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Which findings a route is for.</summary>
internal static class RouteFilter
{
    /// <param name="finding">With the severity as told.</param>
    public static bool Wants(AlertRoute route, Finding finding) =>
        finding.Severity >= route.MinSeverity
        && Fits(route.Match.Severities, finding.Severity)
        && Fits(route.Match.Systems, finding.System)
        && Fits(route.Match.Kinds, finding.Kind)
        && (!route.Match.Security || SecurityFindings.Contain(finding))
        && (route.Match.Tenants.Count == 0 || (finding.Tenant is { } tenant && route.Match.Tenants.Contains(tenant)))
        // What says that a route is dead would wait in that route until it is not.
        && !(finding.Kind == DeadRoutes.Kind && finding.Instance == route.Name);

    private static bool Fits<T>(IReadOnlyList<T> wanted, T value) => wanted.Count == 0 || wanted.Contains(value);
}
