namespace WhatsOps.Cli.Api;

/// <summary>A run as the API tells it; the list leaves the steps out.</summary>
internal sealed record RunView(
    Guid Id,
    string State,
    PlanView Plan,
    string PlanHash,
    string? Reason,
    string? RequestedBy,
    string? ApprovedBy,
    string? CurrentStep,
    string? Detail,
    string? Failure,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? EndedAt,
    string? Evidence,
    IReadOnlyList<RunStepView>? Steps)
{
    public bool IsFinal => State is "completed" or "needs_pairing" or "compensated" or "cancelled" or "expired" or "compensation_failed";
}

/// <summary>One phase of one step.</summary>
internal sealed record RunStepView(
    string Step,
    string Phase,
    string Status,
    int Attempts,
    string? Detail,
    DateTimeOffset? FirstAt,
    DateTimeOffset? EndedAt,
    IReadOnlyDictionary<string, string>? Facts);
