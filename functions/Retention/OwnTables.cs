namespace WhatsOps.Retention;

/// <summary>Every table of schema whatsops and how long its rows are kept; a test compares with the catalogue, so that none is forgotten.</summary>
internal static class OwnTables
{
    /// <summary>Deleted by the routine clean-up.</summary>
    public static IReadOnlyList<OwnTable> Cleaned { get; } =
    [
        new("gateway_calls", "at", 90),
        new("storm_counts", "minute", 90),
        new("receiver_counts", "minute", 90),
        new("instance_qr_codes", "minute", 90),
        new("instance_gaps", "to_at", 400),
        // The last change of an instance says its state today, however old it is.
        new("instance_transitions", "at", 400, "EXISTS (SELECT 1 FROM whatsops.instance_transitions n WHERE n.system = t.system AND n.instance = t.instance AND (n.at, n.id) > (t.at, t.id))"),
        new("call_rollups", "hour", 100),
        new("call_durations", "hour", 100),
        new("event_rollups", "hour", 100),
        new("sample_hours", "hour", 400),
        // Each takes its changes with it.
        new("findings", "closed_at", 400, "t.state = 'closed'", 500),
        new("alert_notes", "recovered_at", 400, "t.next_look_at IS NULL"),
        new("alert_outbox", "created_at", 30, "(t.sent_at IS NOT NULL OR t.dead_at IS NOT NULL)"),
        // Each takes its steps, attempts and artifacts with it. An open run has no end.
        new("runs", "ended_at", 400, null, 500),
        new("run_budgets", "used_at", 7),
        new("canaries", "judged_at", 400),
        new("tasks", "closed_at", 400),
        new("clean_up_requests", "asked_at", 400),
        new("fleet_rejections", "resolved_at", 400),
        // A log that is read has a cursor of today.
        new("log_cursors", "until", 30),
        new("file_cursors", "read_at", 30),
        new("target_versions", "seen_at", 30),
        // The monthly review looks back on the calendar month before.
        new("log_tallies", "hour", 70),
        // Alertmanager repeats what fires, every 4 hours unless it is told otherwise.
        new("external_alerts", "heard_at", 30),
        new("backup_sets", "ended_at", 400, "t.state IN ('failed', 'deleted')"),
    ];

    /// <summary>Not deleted by clean-up, because.</summary>
    public static IReadOnlyDictionary<string, string> Kept { get; } = new Dictionary<string, string>
    {
        ["audit_trail"] = "who did what is never forgotten; the table refuses deletion",
        ["fleet_versions"] = "what was in force when; one row per change by a person",
        ["tenant_secrets"] = "one row per tenant",
        ["pauses"] = "one row per system",
        ["instances"] = "one row per instance",
        ["instance_tokens"] = "one row per instance and gateway, deleted by the sweep that no longer sees it",
        ["alert_routes"] = "one row per route",
        ["run_locks"] = "one row per instance, released at the end of its run",
        ["run_steps"] = "goes with its run",
        ["run_attempts"] = "goes with its run",
        ["run_artifacts"] = "goes with its run",
        ["links"] = "goes with its run",
        ["finding_changes"] = "goes with its finding",
        ["system_sweeps"] = "one row per system",
        ["sweeps"] = "7 days, deleted by each sweep",
        ["routine_states"] = "one row per routine and system",
        ["routine_runs"] = "90 days, deleted by each run",
        ["events"] = "whole days are dropped by EventRetention",
        ["event_bodies"] = "whole days are dropped by EventRetention",
        ["event_keys"] = "deleted hourly by EventRetention",
        ["event_data_keys"] = "a day's key goes with its bodies, in EventRetention",
        ["deliveries"] = "delivered and dead ones are deleted hourly by DeliveryRetention",
        ["delivery_lanes"] = "one row per tenant",
        ["delivery_breakers"] = "one row per system",
        ["orphan_sightings"] = "one row per orphan, deleted by the audit that no longer sees it",
        ["alert_escalations"] = "goes with the end of its escalation",
        ["alert_links"] = "deleted by the alerts when they expire",
        ["call_rollup_deltas"] = "emptied every minute into call_rollups",
        ["call_duration_deltas"] = "emptied every minute into call_durations",
        ["event_rollup_deltas"] = "emptied every minute into event_rollups",
        ["watch_targets"] = "one row per target, deleted when the fleet file no longer names it",
        ["samples"] = "whole days are dropped after 8 by the watch",
        ["backup_parts"] = "goes with the end of its set",
        ["schema_versions"] = "one row per migration",
    };
}
