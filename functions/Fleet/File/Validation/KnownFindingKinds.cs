namespace WhatsOps.Fleet;

/// <summary>The kinds of findings that a policy may name. Fleet stands before Findings in the pipe, so it keeps the names itself.</summary>
internal static class KnownFindingKinds
{
    public static IReadOnlyList<string> All { get; } =
    [
        "gateway_unreachable",
        "gateway_unauthorized",
        "gateway_degraded",
        "product_database_unreachable",
        "instance_missing",
        "instance_not_open",
        "instance_stuck_connecting",
        "instance_qr_churn",
        "instance_not_loaded",
        "instance_unstable",
        "instance_logged_out",
        "instance_state_contradiction",
        "integration_inactive_seen_open",
        "integration_without_instance_name",
        "instance_name_mismatch",
        "tenant_isolation_slug_mismatch",
        "webhook_proof_failures",
        "sweep_incomplete",
        "fleet_invalid",
        "run_compensation_failed",
        "run_stuck",
        "run_waiting_approval",
        "instance_unreadable",
        "routine_failed",
        "alert_route_dead",
        "integration_stale",
        "naming_violation",
        "webhook_drift",
        "webhook_silent",
        "instance_shared_by_tenants",
        "instance_on_two_gateways",
        "gateway_key_in_clear",
        "tenant_isolation_bypass",
        "audit_not_observable",
    ];
}
