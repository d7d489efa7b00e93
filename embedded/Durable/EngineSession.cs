using System.Collections.Concurrent;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Embedded.Durable;

/// <summary>
/// The time between getting the lease and losing it. A session that lost its database or its lease is thrown away whole; the next one reads
/// what is really stored.
/// </summary>
internal sealed class EngineSession : IAsyncDisposable
{
    private readonly EngineParts parts;
    private readonly Lease lease;
    private readonly ConcurrentDictionary<string, Orchestration> live = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource lost = new();
    private readonly SemaphoreSlim commandsMayWait = new(0, 1);
    private readonly TaskCompletionSource<Exception> reason = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConcurrentDictionary<string, int>? endedWhileLooking;
    private Task work = Task.CompletedTask;
    private Task writing = Task.CompletedTask;
    private int replaying = 1;

    public EngineSession(EngineParts parts, Lease lease, long epoch)
    {
        this.parts = parts;
        this.lease = lease;
        Epoch = epoch;
        Log = parts.Loggers.CreateLogger("WhatsOps.Embedded.Durable");
        Writer = new CommitWriter(this, parts.Source, Log);
        Timers = new DurableTimers(parts.Time);
    }

    public long Epoch { get; }

    public CommitWriter Writer { get; }

    public DurableTimers Timers { get; }

    public ILogger Log { get; }

    public IDurableFunctions Functions => parts.Functions;

    public ActivityDispatcher Activities => parts.Activities;

    public InstanceSignals Signals => parts.Signals;

    public ILoggerFactory Loggers => parts.Loggers;

    /// <summary>The clock in the store's precision: a finer one would differ between the first run and its replay.</summary>
    public DateTime Now => Truncate(parts.Time.GetUtcNow().UtcDateTime);

    /// <summary>Completes with the reason when the session is over before anybody stopped it.</summary>
    public Task<Exception> Lost => reason.Task;

    /// <summary>Set by the engine: stop as kill -9 would.</summary>
    public Action? Die { get; init; }

    public int LiveInstances => live.Count;

    public static DateTime Truncate(DateTime time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc);

    public bool DiesAt(FaultPoint point, string? instanceId = null, string? activity = null)
    {
        if (parts.Faults?.DiesAt(point, instanceId, activity) != true) return false;
        Die!();
        return true;
    }

    /// <summary>Reads every unfinished instance, replays it, and carries on.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        Activities.Resume();
        writing = Writer.RunAsync(lost.Token);
        var unfinished = await InstanceStore.LoadUnfinishedAsync(parts.Source, cancellation);
        replaying += unfinished.Count;
        var recovered = unfinished.ConvertAll(found => new Orchestration(this, found.Record, found.Past));
        // All of them first: a parent looks for its children while it replays.
        foreach (var orchestration in recovered) live[orchestration.InstanceId] = orchestration;
        foreach (var orchestration in recovered) orchestration.Begin();
        Replayed();
        if (recovered.Count > 0) Log.LogInformation("Epoch {Epoch}: {Count} unfinished orchestrations continue", Epoch, recovered.Count);
        work = Task.WhenAll(KeepLeaseAsync(), ObeyCommandsAsync());
    }

    public Orchestration? Find(string instanceId) => live.GetValueOrDefault(instanceId);

    public void LookForCommands()
    {
        try
        {
            if (commandsMayWait.CurrentCount == 0) commandsMayWait.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else has just asked for the same.
        }
    }

    /// <summary>Takes a started instance in, unless it is known already.</summary>
    public void Adopt(InstanceRecord record)
    {
        var orchestration = new Orchestration(this, record, null);
        while (!live.TryAdd(record.InstanceId, orchestration))
        {
            if (!live.TryGetValue(record.InstanceId, out var known)) continue;
            if (known.Generation >= record.Generation) return;
            if (live.TryUpdate(record.InstanceId, orchestration, known)) break;
        }

        if (record.Generation > 0) Writer.Enqueue(new CommitUnit { Trim = (record.InstanceId, record.Generation) });
        orchestration.Begin();
    }

    /// <summary>The end of the instance is stored.</summary>
    public void Remove(Orchestration orchestration, Func<bool, OrchestrationMetadata> final)
    {
        if (endedWhileLooking is { } ended) ended[orchestration.InstanceId] = orchestration.Generation;
        live.TryRemove(KeyValuePair.Create(orchestration.InstanceId, orchestration));
        Signals.Changed(orchestration.InstanceId, final);
    }

    /// <summary>One of the recovered instances is up to date.</summary>
    public void Replayed()
    {
        if (Interlocked.Decrement(ref replaying) == 0) Activities.ForgetUnclaimed(this);
    }

    public void Lose(Exception exception)
    {
        if (!reason.TrySetResult(exception)) return;
        Activities.Pause();
        lost.Cancel();
    }

    /// <summary>Graceful: running activities may finish, everything that is queued is stored, the lease is given back.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        Activities.Pause();
        try
        {
            await Activities.Idle.WaitAsync(parts.Options.DrainTimeout, parts.Time, cancellation);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            Activities.CancelRunning();
        }

        Writer.Complete();
        await Task.WhenAny(writing, Lost);
        if (!Lost.IsCompleted) await lease.ReleaseAsync(Epoch, CancellationToken.None);
        Lose(new OperationCanceledException("The engine was stopped."));
    }

    public async ValueTask DisposeAsync()
    {
        Lose(new OperationCanceledException("The session was disposed."));
        await Task.WhenAll(work, writing);
        Timers.Dispose();
    }

    private async Task KeepLeaseAsync()
    {
        var keptUntil = parts.Time.GetUtcNow() + parts.Options.LeaseDuration;
        try
        {
            while (true)
            {
                await Task.Delay(parts.Options.LeaseDuration / 3, parts.Time, lost.Token);
                var asked = parts.Time.GetUtcNow();
                try
                {
                    using var hurry = new CancellationTokenSource(keptUntil > asked ? keptUntil - asked : TimeSpan.Zero, parts.Time);
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(hurry.Token, lost.Token);
                    if (!await lease.RenewAsync(Epoch, either.Token))
                    {
                        Activities.CancelRunning();
                        Lose(new InvalidOperationException("Another process has taken the lease over."));
                        return;
                    }

                    keptUntil = asked + parts.Options.LeaseDuration;
                }
                catch (Exception exception) when (!lost.IsCancellationRequested)
                {
                    if (parts.Time.GetUtcNow() < keptUntil) continue;
                    Activities.CancelRunning();
                    Lose(exception);
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }

    private async Task ObeyCommandsAsync()
    {
        var accepted = new ConcurrentDictionary<long, bool>();
        while (!lost.IsCancellationRequested)
        {
            try
            {
                await ObeyAsync(accepted);
                await commandsMayWait.WaitAsync(parts.Options.PollInterval, lost.Token);
            }
            catch (Exception exception) when (!lost.IsCancellationRequested)
            {
                Log.LogWarning("Commands cannot be read: {Reason}", exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(200), parts.Time, CancellationToken.None);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task ObeyAsync(ConcurrentDictionary<long, bool> accepted)
    {
        // Commands first: an instance whose command is visible was stored earlier, so the second query finds it.
        var commands = await InstanceStore.ReadCommandsAsync(parts.Source, lost.Token);
        endedWhileLooking = new(StringComparer.Ordinal);
        foreach (var record in await InstanceStore.LoadPendingAsync(parts.Source, lost.Token))
        {
            if (endedWhileLooking.TryGetValue(record.InstanceId, out var generation) && generation >= record.Generation) continue;
            Adopt(record);
        }

        foreach (var (id, command) in commands)
        {
            if (!accepted.TryAdd(id, true)) continue;
            var unit = new CommitUnit { ObeyedCommand = id, Committed = () => accepted.TryRemove(id, out _) };
            if (Find(command.InstanceId)?.Accept(command.Kind, command.Payload, name: command.Name, unit: unit) == true) continue;
            Log.LogDebug("{Kind} for {Instance}, which does not run, is dropped", command.Kind, command.InstanceId);
            Writer.Enqueue(unit);
        }
    }
}
