using Microsoft.Extensions.Logging;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>Ends a run: its final state, the evidence, the page when a compensation failed, and the lock. Repeatable until the last line.</summary>
public sealed class RunEnding(
    RunStore runs, StepJournal journal, EvidenceWriter evidence, RunNotices notices, IAuditTrail audit, IFaultPoints faults, ILogger<RunEnding> log)
{
    public async Task<RunState> EndAsync(Run run, CancellationToken cancellation)
    {
        var steps = await runs.StepsAsync(run.Id, cancellation);
        var broken = steps.Where(step => step is { Phase: Phase.Compensate, Status: StepStatus.Failed }).ToList();
        var state = Final(run, broken);
        await WriteEvidenceAsync(run, state, cancellation);
        if (broken.Count > 0) await notices.CompensationFailedAsync(run, broken, cancellation);
        await audit.RecordAsync(run.RequestedBy, "run.end", run.Target.System, run.Target.Tenant, $"{run.Plan.Runbook} {run.Id}: {SnakeName<RunState>.Of(state)}", cancellation);
        await notices.EndedAsync(run, cancellation);
        await faults.ReachAsync(run.Id, StepCall.End, Phase.Act, FaultPoint.Acted);
        await journal.EndAsync(run, state, run.Failure, cancellation);
        return state;
    }

    private static RunState Final(Run run, List<StepRow> broken) =>
        broken.Count > 0 ? RunState.CompensationFailed
        : run.FailedStep is null ? run.Result ?? RunState.Completed
        : run.IsCancelled ? RunState.Cancelled
        : RunState.Compensated;

    // Storage that is down must not keep the instance locked: the reconciler writes the evidence later.
    private async Task WriteEvidenceAsync(Run run, RunState state, CancellationToken cancellation)
    {
        try
        {
            await evidence.WriteAsync(run, state, cancellation);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("The evidence of run {Run} is not written yet: {Problem}", run.Id, Harmless.Sentence(problem));
        }
    }
}
