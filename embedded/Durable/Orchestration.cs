using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Embedded.Durable;

/// <summary>
/// One live instance. It sees one stored event at a time, in the order of the history, on one logical thread, and stays in memory between
/// them; it replays only when a new owner takes the database over. This file: what comes in and whose turn it is. Orchestration.Replay.cs: how the
/// code sees what happened. Orchestration.Storing.cs: what becomes of what the code asked for.
/// </summary>
internal sealed partial class Orchestration : IThreadPoolWorkItem
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

    /// <summary>The database refuses to store an accepted event, so it has never happened.</summary>
    public void Withdraw(HistoryEvent refused)
    {
        lock (gate) inbox = new(inbox.Where(happened => !ReferenceEquals(happened, refused)));
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
}
