using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace WhatsOps.Embedded.Durable;

/// <summary>How the orchestrator's code sees what happened: first the history, then each event as it is committed.</summary>
internal sealed partial class Orchestration
{
    private void Replay()
    {
        var events = past!;
        var newer = held;
        held = [];
        if (events.TrueForAll(happened => happened.IsForInstance)
            && events.FindLast(happened => happened.Kind is EventKind.Suspended or EventKind.Resumed) is { Kind: EventKind.Suspended })
        {
            // Suspended before it began: it begins when it is resumed, and sees then what came meanwhile.
            lock (gate) past = null;
            SeeAll(events);
            SeeAll(newer);
            ReportReplayed();
            return;
        }

        var seen = events.Where(happened => !happened.IsAction).ToList();
        lock (gate)
        {
            past = null;
            inbox = new(seen.Concat(newer).Concat(inbox));
            committed += seen.Count + newer.Count;
        }

        replayLeft = seen.Count;
        StartRun(events.Where(happened => happened.IsAction).ToDictionary(happened => happened.Task), replaying: events.Count > 0);
        if (replayLeft == 0) EndReplay();
    }

    private void EndReplay()
    {
        // Reported by the flush that follows, when it has claimed the activities that still run.
        context?.EndReplay();
        Settle();
    }

    private void ReportReplayed()
    {
        replayLeft = 0;
        if (reported) return;
        reported = true;
        session.Replayed();
    }

    private void StartRun(Dictionary<int, HistoryEvent> recorded, bool replaying)
    {
        suspended = false;
        status = OrchestrationRuntimeStatus.Running;
        if (!session.Functions.HasOrchestrator(record.Name))
        {
            End(OrchestrationRuntimeStatus.Failed, null,
                new("OrchestratorTaskNotFound", $"There is no orchestrator function named '{record.Name}'.", null, null, null));
            return;
        }

        context = new OrchestrationContext(record, thread, session.Loggers, recorded, replaying);
        thread.Run(static self => self.run = self.RunFunctionAsync(), this);
        if (!context.IsReplaying) Settle();
    }

    private async Task<string?> RunFunctionAsync() =>
        await session.Functions.RunOrchestratorAsync(record.Name, context!, CancellationToken.None);

    private void SeeAll(List<HistoryEvent> events)
    {
        foreach (var happened in events) See(happened);
    }

    private void See(HistoryEvent happened)
    {
        if (ended) return;
        if (happened.Kind == EventKind.Terminated)
        {
            End(OrchestrationRuntimeStatus.Terminated, happened.Payload, null, recursive: happened.Name is not null);
            return;
        }

        if (happened.Kind is EventKind.Suspended or EventKind.Resumed)
        {
            suspended = happened.Kind == EventKind.Suspended;
            status = suspended ? OrchestrationRuntimeStatus.Suspended
                : context is null && !due ? OrchestrationRuntimeStatus.Pending
                : OrchestrationRuntimeStatus.Running;
            lock (gate) dirty = true;
        }

        if (context is null)
        {
            held.Add(happened);
            return;
        }

        if (happened.Kind == EventKind.Resumed)
        {
            context.AdvanceClock(happened.At);
            var missed = held;
            held = [];
            SeeAll(missed);
        }
        else if (suspended)
        {
            if (happened.Kind != EventKind.Suspended) held.Add(happened);
        }
        else if (run is { IsCompleted: false })
        {
            context.AdvanceClock(happened.At);
            thread.Run(static step => step.context.Apply(step.happened), (context, happened));
            if (!context.IsReplaying || run.IsCompleted) Settle();
        }
    }

    /// <summary>After a step: has it ended, and if not, does it wait for something that can come?</summary>
    private void Settle()
    {
        if (context is not { } current || ended) return;
        if (run!.IsCompleted && current.IsReplaying) current.EndReplay();
        if (current.Divergence is { } divergence)
            End(OrchestrationRuntimeStatus.Failed, null, TaskFailureDetails.FromException(divergence));
        else if (!run.IsCompleted && !current.IsWaiting)
            throw new NonDeterministicOrchestrationException(
                $"Nondeterministic orchestrator '{record.Name}' (instance '{InstanceId}'): it waits for a task that does not come from its context.");
        else if (!run.IsCompleted)
            lock (gate) dirty = true;
        else if (run.IsFaulted || run.IsCanceled)
            EndRun(OrchestrationRuntimeStatus.Failed, null, Failure(run));
        else if (current.ContinuedAsNew is { } options)
            Renew(options);
        else
            EndRun(OrchestrationRuntimeStatus.Completed, run.Result, null);
    }
}
