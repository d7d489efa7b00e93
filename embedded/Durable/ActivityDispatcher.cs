using System.Text.Json;
using Microsoft.DurableTask;

namespace WhatsOps.Embedded.Durable;

/// <summary>
/// Runs activities, a bounded number at a time, and never two for one scheduled call: it outlives the session, so that a call which is still
/// running when the database comes back is joined instead of repeated.
/// </summary>
internal sealed class ActivityDispatcher(IDurableFunctions functions, int maxConcurrent) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<ActivityKey, Call> calls = [];
    private readonly Queue<Call> waiting = new();
    private CancellationTokenSource cancelling = new();
    private TaskCompletionSource idle = CompletedSource();
    private int running;
    private bool paused = true;

    /// <summary>Completes when nothing runs.</summary>
    public Task Idle
    {
        get
        {
            lock (gate) return idle.Task;
        }
    }

    public void Dispatch(Orchestration owner, ActivityKey key, string name, string? input, EngineSession session)
    {
        Call? finished = null;
        lock (gate)
        {
            if (calls.TryGetValue(key, out var call))
            {
                call.Owner = owner;
                call.Session = session;
                if (call.Outcome is not null) finished = call;
            }
            else
            {
                calls[key] = call = new Call(key, name, input, owner, session);
                waiting.Enqueue(call);
                StartWaiting();
            }
        }

        finished?.Deliver(this);
    }

    /// <summary>The outcome is stored, or nobody wants it any more.</summary>
    public void Forget(ActivityKey key)
    {
        lock (gate) calls.Remove(key);
    }

    /// <summary>Starts nothing new. Calls that did not start are dropped: the next session derives them from the history.</summary>
    public void Pause()
    {
        lock (gate)
        {
            paused = true;
            while (waiting.TryDequeue(out var call)) Drop(call);
        }
    }

    /// <summary>A session begins. What an earlier one queued too late is dropped.</summary>
    public void Resume()
    {
        lock (gate)
        {
            while (waiting.TryDequeue(out var call)) Drop(call);
            paused = false;
            if (cancelling.IsCancellationRequested) cancelling = new();
        }
    }

    /// <summary>Asks the running activities to stop, because this process may no longer own them.</summary>
    public void CancelRunning()
    {
        CancellationTokenSource current;
        lock (gate) current = cancelling;
        current.Cancel();
    }

    /// <summary>The session has replayed everything: a call that it did not ask for has no future.</summary>
    public void ForgetUnclaimed(EngineSession session)
    {
        lock (gate)
        {
            foreach (var call in calls.Values.Where(call => call.Session != session).ToList()) Drop(call);
        }
    }

    public void Dispose() => cancelling.Dispose();

    private void StartWaiting()
    {
        while (!paused && running < maxConcurrent && waiting.TryDequeue(out var call))
        {
            if (!calls.TryGetValue(call.Key, out var current) || current != call) continue;
            if (running++ == 0) idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
            ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Item1.RunAsync(state.Item2, state.Item3), (this, call, cancelling.Token), false);
        }
    }

    private async Task RunAsync(Call call, CancellationToken cancellation)
    {
        var session = call.Session;
        try
        {
            if (session.DiesAt(FaultPoint.BeforeActivity, call.Key.InstanceId, call.Name)) return;
            var outcome = cancellation.IsCancellationRequested ? null : await OutcomeAsync(call, cancellation);
            if (session.DiesAt(FaultPoint.AfterActivity, call.Key.InstanceId, call.Name)) return;
            bool wanted;
            lock (gate)
            {
                // A cancelled call has no outcome: it runs again where the history is continued.
                if (outcome is null) Drop(call);
                call.Outcome = outcome;
                wanted = outcome is not null && calls.TryGetValue(call.Key, out var current) && current == call;
            }

            if (wanted) call.Deliver(this);
        }
        finally
        {
            lock (gate)
            {
                if (--running == 0) idle.TrySetResult();
                StartWaiting();
            }
        }
    }

    private async Task<(EventKind Kind, string? Payload)?> OutcomeAsync(Call call, CancellationToken cancellation)
    {
        try
        {
            if (!functions.HasActivity(call.Name))
                return Failed(new(ActivityRetries.ActivityNotFound, $"There is no activity function named '{call.Name}'.", null, null, null));
            return (EventKind.ActivityCompleted, await functions.RunActivityAsync(call.Name, call.Key.InstanceId, call.Input, cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            return Failed(TaskFailureDetails.FromException(exception));
        }
    }

    private static (EventKind, string?) Failed(TaskFailureDetails details) =>
        (EventKind.ActivityFailed, JsonSerializer.Serialize(details, DurableJson.Options));

    private void Drop(Call call)
    {
        if (calls.TryGetValue(call.Key, out var current) && current == call) calls.Remove(call.Key);
    }

    private static TaskCompletionSource CompletedSource()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private sealed class Call(ActivityKey key, string name, string? input, Orchestration owner, EngineSession session)
    {
        public ActivityKey Key { get; } = key;

        public string Name { get; } = name;

        public string? Input { get; } = input;

        public Orchestration Owner { get; set; } = owner;

        public EngineSession Session { get; set; } = session;

        public (EventKind Kind, string? Payload)? Outcome { get; set; }

        public void Deliver(ActivityDispatcher dispatcher)
        {
            var (kind, payload) = Outcome!.Value;
            var unit = new CommitUnit(Owner) { Committed = () => dispatcher.Forget(Key) };
            if (!Owner.Accept(kind, payload, Key.Task, Name, Key.Generation, unit)) dispatcher.Forget(Key);
        }
    }
}
