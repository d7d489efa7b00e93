using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>
/// Which incidents explain which findings: what a dead server takes down is counted in its message, not told one by one. A kind of
/// incident more is a row more. What people must decide about (mixed-up tenants, failed runs, refused webhooks) is in no row.
/// </summary>
internal static class Inhibitions
{
    private static readonly string[] Instances =
    [
        "instance_missing", "instance_not_open", "instance_stuck_connecting", "instance_logged_out", "instance_not_loaded", "instance_unreadable",
        "instance_unstable", "instance_qr_churn", "instance_state_contradiction",
    ];

    public static IReadOnlyList<Inhibition> All { get; } =
    [
        new("gateway_unreachable", Severity.High, InhibitionScope.Gateway, Instances),
        // Its milder form, a failing welcome page, explains nothing.
        new("gateway_degraded", Severity.Critical, InhibitionScope.Gateway, Instances),
        new("product_database_unreachable", Severity.High, InhibitionScope.System, [.. Instances, "integration_inactive_seen_open", "integration_without_instance_name"]),
    ];

    public static IReadOnlyList<string> Sources { get; } = [.. All.Select(row => row.Source).Distinct()];

    public static bool Hold(IEnumerable<Finding> sources, Finding finding) => sources.Any(source => All.Any(row => row.Holds(source, finding)));
}
