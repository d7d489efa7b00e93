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
        "instance_unstable", "instance_qr_churn", "instance_state_contradiction", "instance_zombie", "instance_zombie_suspected", "webhook_silent", "events_audit_not_observable",
    ];

    public static IReadOnlyList<Inhibition> All { get; } =
    [
        new("gateway_unreachable", Severity.High, InhibitionScope.Gateway, Instances),
        // Its milder form, a failing welcome page, explains nothing.
        new("gateway_degraded", Severity.Critical, InhibitionScope.Gateway, Instances),
        new("product_database_unreachable", Severity.High, InhibitionScope.System, [.. Instances, "integration_inactive_seen_open", "integration_without_instance_name"]),
        // Many of a gateway at once: its events do not arrive, so each line is silent. One alone is of medium severity.
        new("instance_zombie_suspected", Severity.High, InhibitionScope.Gateway, ["webhook_silent"]),
    ];

    /// <summary>
    /// What no incident explains, whatever else is wrong: what people must decide about, what is true of settings and data and not of the weather, and what
    /// tells that somebody is not watching. A storm may be of one instance, so it explains nothing either.
    /// </summary>
    public static IReadOnlyList<string> ByThemselves { get; } =
    [
        "gateway_unauthorized", "gateway_liveness_unknown", "reconnect_storm", "sweep_incomplete", "routine_failed", "alert_route_dead", "fleet_invalid", "audit_not_observable", "report_source_missing",
        "run_compensation_failed", "run_stuck", "run_waiting_approval", "run_waiting_person", "run_expired", "task_overdue",
        "instance_name_mismatch", "tenant_isolation_slug_mismatch", "tenant_isolation_bypass", "instance_shared_by_tenants", "instance_on_two_gateways",
        "webhook_proof_failures", "webhook_drift", "webhook_without_secret", "gateway_key_in_clear", "gateway_key_weak", "instance_tokens_exposed", "instance_token_shared",
        "gateway_version_known_bad", "capability_missing", "integration_stale", "naming_violation", "data_integrity_violation", "company_review",
        "orphan_instance", "orphan_integration", "orphan_session_keys",
        "delivery_lagging", "delivery_dead_letters", "events_lost", "performance_slow", "performance_errors", "backup_failed", "backup_stale", "restore_test_failed",
        "target_unreachable", "target_unauthorized", "target_absent", "target_unhealthy", "target_misconfigured", "target_not_observable", "target_exposed", "renewal_due", "version_changed", "release_unsound", "release_not_running", "external_alert", "threshold_crossed", "samples_missing",
    ];

    public static IReadOnlyList<string> Sources { get; } = [.. All.Select(row => row.Source).Distinct()];

    public static bool Hold(IEnumerable<Finding> sources, Finding finding) => sources.Any(source => All.Any(row => row.Holds(source, finding)));
}
