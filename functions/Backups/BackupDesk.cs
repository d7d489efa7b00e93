using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Opens sets, and starts what makes them.</summary>
internal sealed class BackupDesk(BackupCatalogue catalogue, IFleet fleet, IAuditTrail audit, TimeProvider time, ILogger<BackupDesk> log)
{
    /// <param name="by">The operator who asks; null: the clock.</param>
    /// <exception cref="ProblemException">404 no such system, 409 it has no backup or one is being made.</exception>
    public async Task<BackupSet> RequestAsync(string systemName, string? by, CancellationToken cancellation)
    {
        var system = (await fleet.CurrentAsync(cancellation))?.System(systemName)
            ?? throw new ProblemException(404, $"The fleet has no system {systemName}.", "$.system", "List them: whatsops fleet show.");
        if (system.Backup is null) throw new ProblemException(409, $"System {systemName} has no backup in the fleet file.", "$.system", "Add systems[].backup; docs/backups.md shows it.");
        var now = time.GetUtcNow();
        var set = await catalogue.OpenAsync(systemName, Guid.CreateVersion7(now), by, now, cancellation)
            ?? throw new ProblemException(409, $"A backup of {systemName} is being made.", "$.system", $"Watch it: whatsops backups --system {systemName}.");
        if (by is not null) await audit.RecordAsync(by, "backup.request", systemName, null, set.Id.ToString(), cancellation);
        return set;
    }

    /// <summary>Starts the orchestration of every running set that has none: asked for by the clock, or lost.</summary>
    public async Task StartAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        foreach (var set in await catalogue.ListAsync(null, BackupState.Running, 1000, cancellation))
            try
            {
                var name = $"backup-{set.Id}";
                if (await client.GetInstanceAsync(name, cancellation) is { IsCompleted: false }) continue;
                await client.ScheduleNewOrchestrationInstanceAsync(nameof(BackupOrchestration), set.Id, new StartOrchestrationOptions(name), cancellation);
            }
            catch (Exception problem) when (!cancellation.IsCancellationRequested)
            {
                log.LogWarning("Backup {Set} did not start yet: {Problem}", set.Id, problem.GetType().Name);
            }
    }
}
