namespace WhatsOps.Health;

/// <summary>What one sweep saw of one system.</summary>
/// <param name="Unfinished">The parts that the deadline or a failure cut off; nothing is closed there.</param>
/// <param name="CallsMade">Calls to its gateways.</param>
/// <param name="Error">The check's own failure, when the status is error.</param>
public sealed record SystemReport(
    string System,
    HealthStatus OverallStatus,
    DateTimeOffset StartedAt,
    DateTimeOffset FinishedAt,
    IReadOnlyList<ServiceReport> Services,
    IReadOnlyList<TenantReport> Tenants,
    IReadOnlyList<IssueReport> Issues,
    IReadOnlyList<string> Unfinished,
    int CallsMade,
    string? Error = null)
{
    public bool Complete => Unfinished.Count == 0 && Error is null;
}
