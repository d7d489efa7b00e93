using WhatsOps.Telemetry;

namespace WhatsOps.Runbooks;

/// <summary>A run as the API tells it: progress, proof and the next command.</summary>
/// <param name="PlanHash">What an approval must quote.</param>
/// <param name="Cancellable">False once the point of no return is passed.</param>
/// <param name="TraceId">What to look for in the tracing backend; null when nobody traced.</param>
/// <param name="NextCommand">What an operator would type next; null when there is nothing to do.</param>
public sealed record RunView(
    Guid Id,
    string Runbook,
    int Version,
    string System,
    string Tenant,
    string Instance,
    string Gateway,
    RunState State,
    bool Final,
    string? Detail,
    string Reason,
    string RequestedBy,
    string? ApprovedBy,
    string? CancelledBy,
    bool Destructive,
    string PlanHash,
    string? CurrentStep,
    string? FailedStep,
    string? Failure,
    bool Cancellable,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ApprovalDue,
    DateTimeOffset? StartedAt,
    DateTimeOffset? PointOfNoReturnAt,
    DateTimeOffset? EndedAt,
    string? Evidence,
    string? TraceId,
    string? NextCommand,
    IReadOnlyList<RunStepView> Steps)
{
    public static RunView Of(Run run, IReadOnlyList<StepRow>? steps = null) => new(
        run.Id,
        run.Plan.Runbook,
        run.Plan.Version,
        run.Target.System,
        run.Target.Tenant,
        run.Target.Instance,
        run.Target.Gateway,
        run.State,
        run.IsFinal,
        run.Detail,
        run.Reason,
        run.RequestedBy,
        run.ApprovedBy,
        run.CancelBy,
        run.Plan.Destructive,
        run.PlanHash,
        run.CurrentStep,
        run.FailedStep,
        run.Failure,
        !run.IsFinal && run.CommittedAt is null,
        run.CreatedAt,
        run.ApprovalDue,
        run.StartedAt,
        run.CommittedAt,
        run.EndedAt,
        run.Evidence,
        Traces.IdOf(run.Trace),
        Next(run),
        steps is null ? [] : RunStepView.Of(run.Plan, steps));

    private static string? Next(Run run) => run.State switch
    {
        RunState.WaitingApproval => $"./whatsops runbooks approve {run.Id}",
        RunState.WaitingPerson => $"./whatsops runbooks qr {run.Id}",
        RunState.Paused => $"./whatsops resume {run.Target.System}",
        RunState.NeedsPairing => $"./whatsops runbooks run {run.Plan.Runbook} --system {run.Target.System} --tenant {run.Target.Tenant} --dry-run",
        RunState.CompensationFailed => $"./whatsops tenant {run.Target.Tenant}",
        _ => null,
    };
}
