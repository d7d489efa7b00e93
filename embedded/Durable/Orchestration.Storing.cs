using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Embedded.Durable;

/// <summary>What becomes of what the orchestrator's code asked for: stored, started, carried over, ended.</summary>
internal sealed partial class Orchestration
{
    /// <summary>
    /// Stores what the code asked for and starts it at once, before the commit: should the rows be lost, the code asks for the same again.
    /// </summary>
    private void Flush()
    {
        var unit = new CommitUnit(this);
        var actions = context?.TakeScheduled() ?? [];
        foreach (var action in actions)
        {
            if (action.Kind == EventKind.SubOrchestrationStarted) StartChild(action);
            else if (!action.Recorded) Record(unit, action);
        }

        if (status != storedStatus || context?.CustomStatus != storedCustomStatus)
        {
            unit.Announce = storedStatus == OrchestrationRuntimeStatus.Pending;
            unit.Updates = [Snapshot(status, null, null)];
            if (unit.Announce) unit.Committed += () => session.Signals.Changed(InstanceId);
        }

        if (unit.History is not null || unit.Updates is not null) session.Writer.Enqueue(unit);
        foreach (var action in actions)
        {
            if (!context!.IsOpen(action)) continue;
            if (action.Kind == EventKind.ActivityScheduled)
                session.Activities.Dispatch(this, Key(action), action.Name!, action.Payload, session);
            else if (action.Kind == EventKind.TimerCreated)
                action.Armed = ArmTimer(action);
        }

        if (context is { IsReplaying: false }) ReportReplayed();
    }

    private IDisposable ArmTimer(PendingAction action)
    {
        var generation = Generation;
        return session.Timers.Schedule(action.FireAt, () => Accept(
            EventKind.TimerFired, null, action.Id, generation: generation, notBefore: RoundUp(action.FireAt)));
    }

    private void Record(CommitUnit unit, PendingAction action)
    {
        (unit.History ??= []).Add((this, Generation, Row(action)));
        // Through the table: stored with the fact that it was sent, so that it is sent exactly once.
        if (action.Kind != EventKind.EventSent) return;
        (unit.Commands ??= []).Add(new(EventKind.EventRaised, action.Target!, action.Name, action.Payload));
        unit.Committed += session.LookForCommands;
    }

    private void StartChild(PendingAction action)
    {
        var generation = Generation;
        if (action.Recorded)
        {
            // Asked for before the restart and not answered: the child lives, unless its start was refused.
            if (session.Find(action.Target!)?.IsChildOf(InstanceId, generation, action.Id) != true) RefuseChild(action, generation);
            return;
        }

        var now = session.Now;
        var child = new InstanceRecord(
            action.Target!, 0, action.Name!, action.Version, OrchestrationRuntimeStatus.Pending, action.Payload, null, null,
            new ParentLink(InstanceId, record.Name, generation, action.Id), now, now);
        // A unit of its own: two children of one step may have the same id, and one commit cannot hold both.
        session.Writer.Enqueue(new CommitUnit(this)
        {
            History = [(this, generation, Row(action) with { Payload = null })],
            Starts = [new(child, null, started =>
            {
                if (started is { } accepted) session.Adopt(child with { Generation = accepted });
                else RefuseChild(action, generation);
            })],
        });
    }

    private void RefuseChild(PendingAction action, int generation) => Accept(
        EventKind.SubOrchestrationFailed,
        Serialize(new(typeof(InvalidOperationException).FullName!,
            $"An orchestration with the instance id '{action.Target}' is already running.", null, null, null)),
        action.Id, action.Name, generation);

    private HistoryEvent Row(PendingAction action)
    {
        lock (gate)
        {
            return new(seq++, action.Kind, context!.CurrentUtcDateTime, action.Id,
                StorableText.Clean(action.Name), action.Target, StorableText.Clean(action.Payload));
        }
    }

    /// <summary>Starts over under the same id with a new generation: the old history goes, what is addressed to the instance stays.</summary>
    private void Renew(ContinueAsNewOptions options)
    {
        Flush();
        Release();
        ReportReplayed();
        var input = DurableJson.Default.Serialize(options.NewInput);
        lock (gate)
        {
            if (ended) return;
            var kept = context!.UnreadEvents.Concat(held).Concat(inbox)
                .Where(happened => happened.IsForInstance && (options.PreserveUnprocessedEvents || happened.Kind != EventKind.EventRaised))
                .ToList();
            record = record with { Generation = Generation + 1, Input = input, StartedAt = Tick(default), CustomStatus = context.CustomStatus };
            inbox = new();
            held = [];
            committed = 0;
            seq = 0;
            context = null;
            run = null;
            due = dirty = false;
            var generation = Generation;
            var unit = new CommitUnit(this)
            {
                Updates = [Snapshot(status, null, null) with { SetsInput = true, Input = StorableText.Clean(input) }],
                Trim = (InstanceId, generation),
                History = [],
            };
            foreach (var happened in kept)
            {
                var carried = happened with { Seq = seq++ };
                inbox.Enqueue(carried);
                unit.History.Add((this, generation, carried));
            }

            unit.Committed = () =>
            {
                Deliver(generation, kept.Count);
                BeginNow();
            };
            session.Writer.Enqueue(unit);
        }
    }

    /// <summary>The code has returned or thrown: what it asked for last is still done, its outcome is not awaited.</summary>
    private void EndRun(OrchestrationRuntimeStatus final, string? output, TaskFailureDetails? failure)
    {
        Flush();
        End(final, output, failure);
    }

    private void End(OrchestrationRuntimeStatus final, string? output, TaskFailureDetails? failure, bool recursive = false)
    {
        lock (gate)
        {
            if (ended) return;
            ended = true;
        }

        var children = recursive && context is not null
            ? context.Open.Where(action => action.Kind == EventKind.SubOrchestrationStarted)
                .Select(action => new DurableCommand(EventKind.Terminated, action.Target!, "recursive", output)).ToList()
            : null;
        Release();
        ReportReplayed();
        if (failure is not null)
            session.Log.LogWarning("Orchestration {Instance} ({Name}) failed: {Failure}", InstanceId, record.Name, failure.ErrorType);
        Store(final, StorableText.Clean(output), failure is null ? null : Serialize(failure), children);
    }

    private void Store(OrchestrationRuntimeStatus final, string? output, string? failure, List<DurableCommand>? commands = null)
    {
        var last = Snapshot(final, output, failure);
        var unit = new CommitUnit(this) { Updates = [last], Commands = commands, Announce = true };
        unit.Committed = () =>
        {
            session.Remove(this, payloads => InstanceQueries.Describe(record, last, payloads));
            if (commands is { Count: > 0 }) session.LookForCommands();
        };
        // The parent learns of it in the same commit.
        if (record.Parent is { } parent && session.Find(parent.InstanceId) is { } waiting && waiting.Accept(
            final == OrchestrationRuntimeStatus.Completed ? EventKind.SubOrchestrationCompleted : EventKind.SubOrchestrationFailed,
            final == OrchestrationRuntimeStatus.Completed ? output : failure ?? Serialize(new("OrchestrationTerminated",
                $"Sub-orchestration '{InstanceId}' was terminated.", null, null, null)),
            parent.Task, record.Name, parent.Generation, unit)) return;
        session.Writer.Enqueue(unit);
    }

    /// <summary>Nobody waits for the outcome of open actions any more.</summary>
    private void Release()
    {
        foreach (var action in context?.Open ?? [])
        {
            action.Armed?.Dispose();
            if (action.Kind == EventKind.ActivityScheduled) session.Activities.Forget(Key(action));
        }
    }

    private InstanceUpdate Snapshot(OrchestrationRuntimeStatus current, string? output, string? failure)
    {
        storedStatus = current;
        storedCustomStatus = context?.CustomStatus ?? storedCustomStatus;
        return new(InstanceId, Generation, current, false, null, output, failure, storedCustomStatus, record.StartedAt, session.Now);
    }

    private ActivityKey Key(PendingAction action) => new(InstanceId, Generation, action.Id);

    /// <summary>The store keeps microseconds; a timer must not seem to have fired before its time.</summary>
    private static DateTime RoundUp(DateTime time) => EngineSession.Truncate(time.AddTicks(TimeSpan.TicksPerMicrosecond - 1));

    private static TaskFailureDetails Failure(Task run) =>
        TaskFailureDetails.FromException(run.Exception?.InnerException ?? new TaskCanceledException("The orchestrator was cancelled."));

    private static TaskFailureDetails Refused(Exception exception) =>
        new(exception.GetType().FullName!, $"The database refused to store what the orchestration produced: {exception.Message}", null, null, null);

    private static string Serialize(TaskFailureDetails details) => JsonSerializer.Serialize(details, DurableJson.Options);
}
