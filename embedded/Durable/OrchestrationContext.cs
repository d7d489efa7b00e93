using System.Globalization;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Embedded.Durable;

/// <summary>One run of an orchestrator: hands out durable tasks, numbers them, and compares them with the history while replaying.</summary>
internal sealed class OrchestrationContext(
    InstanceRecord record, OrchestrationThread thread, ILoggerFactory loggers, Dictionary<int, HistoryEvent> recorded, bool replaying)
    : TaskOrchestrationContext
{
    private readonly Dictionary<int, PendingAction> open = [];
    private readonly Dictionary<string, Queue<HistoryEvent>> unread = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LinkedList<Action<HistoryEvent>>> waiting = new(StringComparer.OrdinalIgnoreCase);
    private List<PendingAction> scheduled = [];
    private DateTime clock = record.StartedAt;
    private bool replay = replaying;
    private int nextTask;
    private int waiters;
    private int guids;

    public override TaskName Name => record.Name;

    public override string InstanceId => record.InstanceId;

    public override string Version => record.Version;

    public override ParentOrchestrationInstance? Parent { get; } =
        record.Parent is { } parent ? new ParentOrchestrationInstance(parent.Name, parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => clock;

    public override bool IsReplaying => replay;

    /// <summary>What went wrong that the orchestrator's own catch blocks must not hide.</summary>
    public NonDeterministicOrchestrationException? Divergence { get; private set; }

    public ContinueAsNewOptions? ContinuedAsNew { get; private set; }

    public string? CustomStatus { get; private set; } = record.CustomStatus;

    /// <summary>Whether some durable outcome is still to come.</summary>
    public bool IsWaiting => open.Count > 0 || waiters > 0;

    public IEnumerable<PendingAction> Open => open.Values;

    /// <summary>Events that nobody has waited for yet, in the order in which they came.</summary>
    public IEnumerable<HistoryEvent> UnreadEvents => unread.Values.SelectMany(queue => queue).OrderBy(happened => happened.Seq);

    protected override ILoggerFactory LoggerFactory => loggers;

    /// <summary>The history is used up: everything that it holds must have been asked for again.</summary>
    public void EndReplay()
    {
        replay = false;
        if (recorded.Count > 0) Miss(recorded.Values.MinBy(action => action.Task)!);
    }

    /// <summary>What was asked for since the last call.</summary>
    public List<PendingAction> TakeScheduled()
    {
        var taken = scheduled;
        if (taken.Count > 0) scheduled = [];
        return taken;
    }

    public bool IsOpen(PendingAction action) => open.ContainsKey(action.Id);

    public void AdvanceClock(DateTime at) => clock = at > clock ? at : clock;

    /// <summary>Lets the code see what happened. Call on the orchestrator's thread.</summary>
    public void Apply(HistoryEvent happened)
    {
        if (happened.Kind == EventKind.EventRaised) Receive(happened);
        else if (open.Remove(happened.Task, out var action)) action.Complete!(happened);
        else if (recorded.TryGetValue(happened.Task, out var missing)) Miss(missing);
        else if (happened.Task >= nextTask)
            Diverge($"the history has {happened.Kind} of action #{happened.Task} at sequence {happened.Seq}, " +
                $"but the code has asked for {nextTask} actions only");
    }

    public override T? GetInput<T>()
        where T : default => DurableJson.Default.Deserialize<T>(record.Input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        var payload = DurableJson.Default.Serialize(input);
        return ActivityRetries.RunAsync(this, options?.Retry, () => Schedule<TResult>(EventKind.ActivityScheduled, name.Name, null, payload, default));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        var payload = DurableJson.Default.Serialize(input);
        var sub = options as SubOrchestrationOptions;
        var version = (sub?.Version ?? options?.Version)?.Version ?? "";
        return ActivityRetries.RunAsync(this, options?.Retry, () => Schedule<TResult>(
            EventKind.SubOrchestrationStarted,
            orchestratorName.Name,
            sub?.InstanceId is { } id ? StorableText.RequireId(id, nameof(SubOrchestrationOptions.InstanceId)) : NewGuid().ToString("N"),
            payload,
            default,
            version));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        var utc = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        return Schedule<object>(EventKind.TimerCreated, null, null, utc.ToString("O", CultureInfo.InvariantCulture), utc, cancellation: cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        RequireThread();
        StorableText.RequireId(eventName, nameof(eventName));
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        var source = new TaskCompletionSource<T>();
        if (unread.TryGetValue(eventName, out var queue) && queue.TryDequeue(out var early))
        {
            Resolve(source, early.Payload);
            return source.Task;
        }

        if (!waiting.TryGetValue(eventName, out var queueing)) waiting[eventName] = queueing = new();
        CancellationTokenRegistration registration = default;
        var waiter = queueing.AddLast(happened =>
        {
            registration.Dispose();
            Resolve(source, happened.Payload);
        });
        waiters++;
        registration = cancellationToken.Register(() =>
        {
            if (waiter.List is null) return;
            waiter.List.Remove(waiter);
            waiters--;
            source.TrySetCanceled(cancellationToken);
        });
        return source.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        StorableText.RequireId(instanceId, nameof(instanceId));
        StorableText.RequireId(eventName, nameof(eventName));
        Ask(EventKind.EventSent, eventName, instanceId, DurableJson.Default.Serialize(payload), default, "");
    }

    public override void SetCustomStatus(object? customStatus)
    {
        RequireThread();
        CustomStatus = DurableJson.Default.Serialize(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
    {
        RequireThread();
        ContinuedAsNew = new() { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents };
    }

    public override Guid NewGuid()
    {
        RequireThread();
        return DeterministicGuid.Create($"{InstanceId}_{clock:O}_{guids++}");
    }

    private void Receive(HistoryEvent happened)
    {
        if (waiting.TryGetValue(happened.Name!, out var queueing) && queueing.First is { } first)
        {
            queueing.RemoveFirst();
            waiters--;
            first.Value(happened);
            return;
        }

        if (!unread.TryGetValue(happened.Name!, out var queue)) unread[happened.Name!] = queue = new();
        queue.Enqueue(happened);
    }

    private Task<T> Schedule<T>(
        EventKind kind, string? name, string? target, string? payload, DateTime fireAt, string version = "",
        CancellationToken cancellation = default)
    {
        var action = Ask(kind, name, target, payload, fireAt, version);
        var source = new TaskCompletionSource<T>();
        open[action.Id] = action;
        CancellationTokenRegistration registration = default;
        action.Complete = happened =>
        {
            registration.Dispose();
            if (happened.Kind is EventKind.ActivityFailed or EventKind.SubOrchestrationFailed)
                source.TrySetException(new TaskFailedException(
                    action.Name!, action.Id, JsonSerializer.Deserialize<TaskFailureDetails>(happened.Payload!, DurableJson.Options)!));
            else Resolve(source, happened.Payload);
        };
        registration = cancellation.Register(() =>
        {
            if (!open.Remove(action.Id)) return;
            action.Armed?.Dispose();
            source.TrySetCanceled(cancellation);
        });
        return source.Task;
    }

    private PendingAction Ask(EventKind kind, string? name, string? target, string? payload, DateTime fireAt, string version)
    {
        RequireThread();
        var id = nextTask++;
        if (recorded.Remove(id, out var before))
        {
            if (before.Kind != kind || !string.Equals(before.Name, StorableText.Clean(name), StringComparison.OrdinalIgnoreCase))
                throw Diverge($"action #{id} was {Describe(before.Kind, before.Name)} when it first ran (history sequence {before.Seq}), " +
                    $"but the code now asks for {Describe(kind, name)}");
            // The history decides: a changed delay or input reaches runs that have not come here yet.
            target = before.Target;
            payload = before.Payload;
            if (kind == EventKind.TimerCreated)
                fireAt = DateTime.Parse(before.Payload!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        }

        var action = new PendingAction(id, kind, name, target, payload, before is not null) { FireAt = fireAt, Version = version };
        scheduled.Add(action);
        return action;
    }

    private static void Resolve<T>(TaskCompletionSource<T> source, string? payload)
    {
        try
        {
            source.TrySetResult(DurableJson.Default.Deserialize<T>(payload)!);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            source.TrySetException(exception);
        }
    }

    private void RequireThread()
    {
        if (thread.IsCurrent) return;
        const string reason = "it used its context on a foreign thread, after ConfigureAwait(false), Task.Run or a task that is not durable";
        thread.Complain(reason);
        throw new NonDeterministicOrchestrationException(reason);
    }

    private void Miss(HistoryEvent action) =>
        Diverge($"action #{action.Task} was {Describe(action.Kind, action.Name)} when it first ran (history sequence {action.Seq}), " +
            "but the code no longer asks for it");

    private NonDeterministicOrchestrationException Diverge(string what) =>
        Divergence ??= new($"Nondeterministic orchestrator '{record.Name}' (instance '{record.InstanceId}'): {what}.");

    private static string Describe(EventKind kind, string? name) => kind switch
    {
        EventKind.ActivityScheduled => $"activity '{name}'",
        EventKind.TimerCreated => "a timer",
        EventKind.SubOrchestrationStarted => $"sub-orchestration '{name}'",
        _ => $"sending event '{name}'",
    };
}
