using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WhatsOps.Embedded.Functions;
using WhatsOps.Embedded.Hosting;

namespace WhatsOps.Embedded.Timers;

/// <summary>Runs a timer function under its lease: heartbeat, time-out, and what is written down at the end.</summary>
internal sealed class TimerExecution(
    TimerStore store,
    FunctionPipeline pipeline,
    IServiceScopeFactory scopes,
    HostSettings settings,
    TimerLeaseOptions options,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly string owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(time.GetUtcNow()):N}";

    public Task<TimerLease?> AcquireAsync(string name, DateTimeOffset? due, CancellationToken cancellation) =>
        store.AcquireAsync(name, owner, due, options.Duration, cancellation);

    /// <param name="completed">Writes the run down and gives the lease back; null only gives it back.</param>
    /// <returns>False when the run does not count: the host stopped in the middle of it, or the lease was lost.</returns>
    public async Task<bool> RunAsync(
        FunctionDescriptor function, TimerLease lease, TimerInfo info, Func<Task>? completed, CancellationToken stopping)
    {
        var logger = loggers.CreateLogger("Function." + function.Name);
        using var timeout = settings.FunctionTimeout > TimeSpan.Zero ? new CancellationTokenSource(settings.FunctionTimeout, time) : new();
        using var run = CancellationTokenSource.CreateLinkedTokenSource(stopping, timeout.Token);
        using var ended = new CancellationTokenSource();
        var heartbeat = KeepAsync(lease, run, logger, ended.Token);
        var counts = true;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await pipeline.RunAsync(new InvocationContext(function, scope.ServiceProvider, info, run.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            counts = false;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            logger.LogError("Function {Function} ran longer than functionTimeout ({Timeout}) and was cancelled", function.Name, settings.FunctionTimeout);
        }
        catch (Exception e)
        {
            logger.LogError(e, "Function {Function} failed; its schedule goes on", function.Name);
        }

        // No heartbeat while the end is written: it would find the lease given back and call it lost.
        await ended.CancelAsync();
        var kept = await heartbeat;
        if (kept)
            await RecordAsync(lease, counts ? completed : null);
        return counts && kept;
    }

    /// <summary>A run that is not written down is run again, so a short outage of the database is waited out.</summary>
    private async Task RecordAsync(TimerLease lease, Func<Task>? completed)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await (completed?.Invoke() ?? store.ReleaseAsync(lease, CancellationToken.None));
                return;
            }
            catch (Exception) when (attempt < 3)
            {
                // Real time, as in the heartbeat: an outage does not follow the schedule's clock.
                await Task.Delay(TimeSpan.FromSeconds(attempt), TimeProvider.System);
            }
        }
    }

    /// <returns>False when the lease was lost; the run is then cancelled, for another process may have started its own.</returns>
    private async Task<bool> KeepAsync(TimerLease lease, CancellationTokenSource run, ILogger logger, CancellationToken ended)
    {
        var renewed = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                // Real time on purpose: the lease is timed by the database's clock, not by the schedule's.
                await Task.Delay(options.Heartbeat, TimeProvider.System, ended);
                if (await store.RenewAsync(lease, options.Duration, ended))
                {
                    renewed = TimeProvider.System.GetTimestamp();
                    continue;
                }
            }
            catch (OperationCanceledException) when (ended.IsCancellationRequested)
            {
                return true;
            }
            catch (Exception e)
            {
                logger.LogWarning("Timer {Function}: lease not renewed: {Error}", lease.Name, e.Message);
                if (TimeProvider.System.GetElapsedTime(renewed) + options.Heartbeat < options.Duration)
                    continue;
            }

            logger.LogError("Timer {Function} lost its lease and is cancelled", lease.Name);
            await run.CancelAsync();
            return false;
        }
    }
}
