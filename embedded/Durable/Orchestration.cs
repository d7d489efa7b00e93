using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Embedded.Durable;

/// <summary>
/// One live instance. It sees one stored event at a time, in the order of the history, on one logical thread, and stays in memory between
/// them; it replays only when a new owner takes the database over.
/// </summary>
internal sealed class Orchestration : IThreadPoolWorkItem
{
    private readonly Lock gate = new();
    private readonly EngineSession session;
    private readonly OrchestrationThread thread;
    private InstanceRecord record;

    // Guarded by the gate: what other threads bring in.
    private Queue<HistoryEvent> inbox = new();
    private List<HistoryEvent>? past;
    private NonDeterministicOrchestrationException? complaint;
    private Exception? refusal;
    private DateTime lastAt;
    private int committed;
    private int seq;
    private bool scheduled;
    private bool due;
    private bool dirty;
    private bool ended;

    // Touched only by the step that runs.
    private List<HistoryEvent> held = [];
    private OrchestrationContext? context;
    private Task<string?>? run;
    private OrchestrationRuntimeStatus status;
    private OrchestrationRuntimeStatus storedStatus;
    private string? storedCustomStatus;
    private bool suspended;
    private bool reported;
    private int replayLeft;

    /// <param name="past">The history of a recovered instance; null for one that has just been started.</param>
    public Orchestration(EngineSession session, InstanceRecord record, List<HistoryEvent>? past)
    {
        this.session = session;
        this.record = record;
        this.past = past;
        thread = new OrchestrationThread(Complain);
        status = storedStatus = record.Status;
        storedCustomStatus = record.CustomStatus;
        lastAt = past is { Count: > 0 } ? past[^1].At : record.StartedAt;
        seq = past is { Count: > 0 } ? past[^1].Seq + 1 : 0;
        reported = past is null;
    }

    private enum Step
    {
        None,
        Replay,
        Begin,
        See,
        Flush,
        Fail,
    }

    public string InstanceId => record.InstanceId;

    public int Generation => record.Generation;

    public bool IsEnded
    {
        get
        {
            lock (gate) return ended;
        }
    }

    public bool IsChildOf(string parentId, int generation, int task) =>
        record.Parent is { } parent && parent.InstanceId == parentId && parent.Generation == generation && parent.Task == task;

    /// <summary>Starts now, or when the time of a delayed start has come.</summary>
    public void Begin()
    {
        if (record.StartedAt <= session.Now || past?.Exists(happened => happened.Kind == EventKind.Terminated) == true)
        {
            BeginNow();
            return;
        }

        ReportReplayed();
        session.Timers.Schedule(record.StartedAt, BeginNow);
    }

    /// <summary>
    /// Queues an event to be stored; the orchestrator sees it after the commit. False when the instance has ended or runs another generation.
    /// </summary>
    public bool Accept(
        EventKind kind, string? payload, int task = -1, string? name = null, int? generation = null, CommitUnit? unit = null,
        DateTime notBefore = default)
    {
        unit ??= new CommitUnit(this);
        lock (gate)
        {
            if (ended || (generation is { } expected && expected != Generation)) return false;
            var happened = new HistoryEvent(seq++, kind, Tick(notBefore), task, StorableText.Clean(name), null, StorableText.Clean(payload));
            inbox.Enqueue(happened);
            var current = Generation;
            (unit.History ??= []).Add((this, current, happened));
            unit.Committed += () => Deliver(current, 1);
            // Inside the gate: the order of the inbox is the order of the commits.
            session.Writer.Enqueue(unit);
            return true;
        }
    }

    /// <summary>The database refuses to store what this instance produced.</summary>
    public void Fail(Exception exception)
    {
        bool tooLate;
        lock (gate)
        {
            tooLate = ended && refusal is null;
            refusal = exception;
        }

        if (tooLate) Store(OrchestrationRuntimeStatus.Failed, null, Serialize(Refused(exception)));
        else Wake();
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (Next(out var happened) is var step && step != Step.None)
        {
            try
            {
                Take(step, happened);
            }
            catch (Exception exception)
            {
                // Only this instance fails, never the engine.
                End(OrchestrationRuntimeStatus.Failed, null, TaskFailureDetails.FromException(exception));
            }
        }
    }

    private Step Next(out HistoryEvent? happened)
    {
        lock (gate)
        {
            happened = null;
            if (!ended)
            {
                if (complaint is not null || refusal is not null) return Step.Fail;
                if (due && past is not null) return Step.Replay;
                if (due && context is null && !suspended) return Step.Begin;
                if (committed > 0)
                {
                    committed--;
                    happened = inbox.Dequeue();
                    return Step.See;
                }

                if (dirty)
                {
                    dirty = false;
                    return Step.Flush;
                }
            }

            scheduled = false;
            return Step.None;
        }
    }

    private void Take(Step step, HistoryEvent? happened)
    {
        switch (step)
        {
            case Step.Replay:
                Replay();
                break;
            case Step.Begin:
                var early = held;
                held = [];
                StartRun([], replaying: false);
                SeeAll(early);
                break;
            case Step.See:
                See(happened!);
                if (replayLeft > 0 && --replayLeft == 0) EndReplay();
                break;
            case Step.Flush:
                Flush();
                break;
            default:
                End(OrchestrationRuntimeStatus.Failed, null, refusal is { } cause ? Refused(cause) : TaskFailureDetails.FromException(complaint!));
                break;
        }
    }

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

    private void Deliver(int generation, int count)
    {
        lock (gate)
        {
            if (generation != Generation) return;
            committed += count;
        }

        Wake();
    }

    private void BeginNow()
    {
        lock (gate) due = true;
        Wake();
    }

    private void Complain(string what)
    {
        lock (gate) complaint ??= new($"Nondeterministic orchestrator '{record.Name}' (instance '{InstanceId}'): {what}.");
        Wake();
    }

    private void Wake()
    {
        lock (gate)
        {
            if (scheduled || ended) return;
            scheduled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>The time of the next event: never earlier than the last one, whatever the clock does.</summary>
    private DateTime Tick(DateTime notBefore)
    {
        var now = session.Now;
        if (now < notBefore) now = notBefore;
        return lastAt = now > lastAt ? now : lastAt;
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
