using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace WhatsOps.Database;

/// <summary>Migrates at start, in the background and until it works: a database that is down must not keep the process from answering 503.</summary>
public sealed class MigrationService(Migrator migrator, TimeProvider time, ILogger<MigrationService> log) : BackgroundService
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the schema is current.</summary>
    public Task Ready => _ready.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await migrator.MigrateAsync(stoppingToken);
                _ready.TrySetResult();
                return;
            }
            catch (Exception problem) when (problem is NpgsqlException or InvalidOperationException or TimeoutException)
            {
                log.LogError("The operations database is not ready: {Problem}. Trying again in 2 seconds.", problem.Message);
                await Task.Delay(TimeSpan.FromSeconds(2), time, stoppingToken);
            }
        }
    }
}
