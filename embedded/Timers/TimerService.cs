using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WhatsOps.Embedded.Functions;

namespace WhatsOps.Embedded.Timers;

/// <summary>Runs every timer function of the app while the host is up.</summary>
internal sealed class TimerService(
    FunctionCatalog catalog, IConfiguration configuration, TimerStore store, TimerExecution execution, TimeProvider time, ILogger<TimerService> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, byte> running = [];
    private Dictionary<string, TimerRunner> runners = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        runners = catalog.All.Where(f => f.Kind == TriggerKind.Timer).ToDictionary(f => f.Name, Runner, StringComparer.OrdinalIgnoreCase);
        foreach (var function in catalog.Of(TriggerKind.Timer))
            Track(runners[function.Name].RunAsync(stopping.Token));
        return Task.CompletedTask;
    }

    /// <summary>Starts a run now and does not wait for it. Throws when the database is not reachable.</summary>
    public async Task InvokeAsync(string name, CancellationToken cancellation)
    {
        await runners[name].RegisterAsync(cancellation);
        Track(RunManuallyAsync(name));
    }

    /// <summary>Cancels what runs and waits until it has given its lease back.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private TimerRunner Runner(FunctionDescriptor function)
    {
        // Discovery has already refused what does not parse.
        TimerSchedule.TryParse(((TimerTriggerAttribute)function.Trigger).Schedule, configuration, _ => { }, out var schedule);
        return new TimerRunner(function, schedule, store, execution, time, logger);
    }

    private async Task RunManuallyAsync(string name)
    {
        try
        {
            await runners[name].RunManuallyAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            logger.LogError(e, "Timer {Function} could not be run on request", name);
        }
    }

    private void Track(Task task)
    {
        running.TryAdd(task, 0);
        task.ContinueWith(done => running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }
}
