namespace WhatsOps.Runbooks;

/// <summary>One execution of a runbook, as its row says.</summary>
/// <param name="RequestedBy">Operator name, or <c>policy</c>.</param>
/// <param name="CommittedAt">When the point of no return was passed; from then on it only finishes.</param>
/// <param name="Fence">Number of its lock; null before it began.</param>
/// <param name="Evidence">Path of the evidence blob; null until written.</param>
public sealed record Run(
    Guid Id,
    RunState State,
    Plan Plan,
    string PlanHash,
    string Reason,
    string RequestedBy,
    long? FindingId,
    string? Fingerprint,
    string? Detail,
    string? CurrentStep,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ApprovalDue,
    string? ApprovedBy,
    DateTimeOffset? ApprovedAt,
    string? CancelBy,
    DateTimeOffset? CancelAt,
    DateTimeOffset? CommittedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset ProgressedAt,
    DateTimeOffset? EndedAt,
    string? FailedStep,
    string? Failure,
    RunState? Result,
    long? Fence,
    string? Evidence)
{
    /// <summary>The traceparent of the span that asked for it; null when nobody traced. Every step goes on from there.</summary>
    public string? Trace { get; init; }

    public bool IsFinal => EndedAt is not null;

    /// <summary>Whether its first step has begun; holding the lock is not yet a step.</summary>
    public bool HasBegun => IsFinal || CurrentStep is not (null or StepCall.Begin);

    public bool IsCancelled => CancelAt is not null && CommittedAt is null;

    public RunTarget Target => Plan.Target;

    /// <summary>Id of the orchestration that moves it.</summary>
    public string Orchestration => OrchestrationOf(Id);

    public static string OrchestrationOf(Guid id) => $"run-{id:N}";
}
