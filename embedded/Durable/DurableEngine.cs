using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace WhatsOps.Embedded.Durable;

/// <summary>Runs the orchestrations of one database while it holds the lease, and stands by while another process does.</summary>
internal sealed class DurableEngine : IHostedService, IAsyncDisposable
{
    private readonly EngineParts parts;
    private readonly Lease lease;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim leaseMayBeFree = new(0, 1);
    private Task running = Task.CompletedTask;
    private Task listening = Task.CompletedTask;
    private volatile EngineSession? session;
    private volatile EngineSession? starting;

    public DurableEngine(
        DurableEngineOptions options, IDurableFunctions functions, TimeProvider time, ILoggerFactory loggers, IFaultPoints? faults = null)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = "whatsops-durable",
            // Writer, listener, and six for the lease, commands and clients.
            MaxPoolSize = 8,
            MaxAutoPrepare = 30,
            AutoPrepareMinUsages = 2,
            KeepAlive = 30,
        };
        var source = NpgsqlDataSource.Create(connection);
        logger = loggers.CreateLogger("WhatsOps.Embedded.Durable");
        parts = new(options, functions, source, new(functions, options.MaxConcurrentActivities), new(), time, loggers, faults);
        lease = new(source, options.OwnerId ?? Guid.CreateVersion7(time.GetUtcNow()).ToString(), options.LeaseDuration);
    }

    /// <summary>The session of this process, null on standby.</summary>
    public EngineSession? Session => session;

    public EngineParts Parts => parts;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DurableSchema.EnsureAsync(parts.Source, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            // The host starts without its database and heals with it.
            logger.LogWarning("The durable schema cannot be created yet: {Reason}", exception.Message);
        }

        listening = new EngineListener(parts.Source, () => session?.LookForCommands(), OnChange, parts.Time, logger).RunAsync(stopping.Token);
        running = Task.Run(RunAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (stopping.IsCancellationRequested) return;
        // First of all no new session: the lease that this one gives back is free for anybody.
        await stopping.CancelAsync();
        if (session is { } current) await current.StopAsync(cancellationToken);
        await Task.WhenAll(running, listening);
    }

    /// <summary>Stops as kill -9 would: the database is not touched again, the lease stays. Completes when nothing runs any more.</summary>
    public async Task AbortAsync()
    {
        Die();
        await Task.WhenAll(running, listening, parts.Activities.Idle);
    }

    public async ValueTask DisposeAsync()
    {
        if (!stopping.IsCancellationRequested) await AbortAsync();
        await parts.Source.DisposeAsync();
        parts.Activities.Dispose();
        leaseMayBeFree.Dispose();
        stopping.Dispose();
    }

    private void Die()
    {
        parts.Activities.Pause();
        parts.Activities.CancelRunning();
        stopping.Cancel();
        var death = new OperationCanceledException("The engine was aborted.");
        starting?.Lose(death);
        session?.Lose(death);
    }

    private void OnChange()
    {
        // The owner wakes its own waiters one by one; waking all of them at every commit cost a third of its throughput.
        if (session is not null) return;
        parts.Signals.AnyChanged();
        if (leaseMayBeFree.CurrentCount == 0) leaseMayBeFree.Release();
    }

    private async Task RunAsync()
    {
        var schemaKnown = false;
        string? reason = null;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!schemaKnown) await DurableSchema.EnsureAsync(parts.Source, stopping.Token);
                schemaKnown = true;
                var epoch = await lease.TryAcquireAsync(stopping.Token);
                reason = null;
                if (epoch is not null) await OwnAsync(epoch.Value);
                else await StandByAsync();
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                // Five tries a second during an outage: the log needs the reason once.
                logger.Log(exception.Message == reason ? LogLevel.Debug : LogLevel.Warning, "The durable engine starts over: {Reason}", exception.Message);
                reason = exception.Message;
                parts.Source.Clear();
                await Task.Delay(TimeSpan.FromMilliseconds(200), parts.Time, CancellationToken.None);
            }
            catch (Exception)
            {
                return;
            }
        }
    }

    private async Task OwnAsync(long epoch)
    {
        await using var owned = new EngineSession(parts, lease, epoch) { Die = Die };
        starting = owned;
        stopping.Token.ThrowIfCancellationRequested();
        await owned.StartAsync(stopping.Token);
        session = owned;
        // Whoever stopped the engine a moment ago found no session; what it has begun may finish all the same.
        if (stopping.IsCancellationRequested && !owned.Lost.IsCompleted) await owned.StopAsync(CancellationToken.None);
        logger.LogInformation("This process runs the orchestrations (epoch {Epoch})", epoch);
        try
        {
            var reason = await owned.Lost;
            if (!stopping.IsCancellationRequested && reason is not OperationCanceledException) throw reason;
        }
        finally
        {
            session = starting = null;
        }
    }

    private async Task StandByAsync()
    {
        parts.Activities.CancelRunning();
        await leaseMayBeFree.WaitAsync(
            parts.Options.LeaseDuration / 2 < parts.Options.PollInterval ? parts.Options.LeaseDuration / 2 : parts.Options.PollInterval,
            stopping.Token);
    }
}
