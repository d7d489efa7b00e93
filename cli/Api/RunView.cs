namespace WhatsOps.Cli.Api;

/// <summary>A run as the API tells it; a list leaves the steps out.</summary>
internal sealed record RunView(
    Guid Id,
    string Runbook,
    string System,
    string Tenant,
    string Instance,
    string? Gateway,
    string State,
    bool Final,
    string? Detail,
    string? Reason,
    string? RequestedBy,
    string? ApprovedBy,
    string PlanHash,
    string? Failure,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? EndedAt,
    string? Evidence,
    string? NextCommand,
    IReadOnlyList<RunStepView> Steps);

/// <summary>One line of the plan and what became of it.</summary>
internal sealed record RunStepView(
    string Path,
    string Title,
    string Status,
    int Attempts,
    DateTimeOffset? EndedAt,
    string? Detail,
    string? Undo,
    string? UndoStatus,
    string? UndoDetail);
