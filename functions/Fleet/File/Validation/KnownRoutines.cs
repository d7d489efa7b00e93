namespace WhatsOps.Fleet;

/// <summary>The routines that a schedule may name. Fleet stands before them in the pipe, so it keeps the names itself; a test compares.</summary>
internal static class KnownRoutines
{
    public static IReadOnlyList<string> All { get; } =
    [
        "capabilities",
        "data-integrity",
        "gateway-versions",
        "isolation",
        "keys",
        "lost-event-audit",
        "naming",
        "orphans",
        "tenant-status",
        "webhook-drift",
        "weekly-companies",
        "monthly-companies",
        "performance-report",
        "usage-report",
        "weekly-report",
        "monthly-report",
        "backup",
        "restore-test",
        "backup-retention",
        "clean-up",
        "morning-check",
        "evening-check",
        "weekly-kpis",
        "monthly-kpis",
        "low-digest",
        "daily-checklist",
        "weekly-checklist",
        "monthly-checklist",
        "quarterly-checklist",
    ];
}
