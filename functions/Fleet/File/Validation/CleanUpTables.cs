namespace WhatsOps.Fleet;

/// <summary>The product's tables that clean-up knows. Fleet stands before Retention in the pipe, so it keeps the names itself; a test compares.</summary>
internal static class CleanUpTables
{
    public static IReadOnlyList<string> All { get; } = ["api_logs", "tenant_sessions_audit", "tenant_refresh_tokens", "tenant_refresh_sessions"];
}
