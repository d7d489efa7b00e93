using System.Security.Cryptography;
using Azure;
using Microsoft.Extensions.Logging;
using WhatsOps.Blobs;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Deletes the sets whose time is over: the manifest first, so that half a set is never taken for one.</summary>
internal sealed class BackupPruning(BackupCatalogue catalogue, ObjectPruning objects, IBlobStore blobs, IFleet fleet, TimeProvider time, ILogger<BackupPruning> log)
{
    private const int Most = 1000;

    /// <exception cref="ProblemException">404 no such system, 409 it has no backup.</exception>
    public async Task<IReadOnlyList<RetentionVerdict>> PruneAsync(string systemName, bool dryRun, CancellationToken cancellation)
    {
        var system = (await fleet.CurrentAsync(cancellation))?.System(systemName)
            ?? throw new ProblemException(404, $"The fleet has no system {systemName}.", "$.system", "List them: whatsops fleet show.");
        var keep = system.Backup?.Keep ?? throw new ProblemException(409, $"System {systemName} has no backup in the fleet file.", "$.system", "Add systems[].backup; docs/backups.md shows it.");
        var sets = await catalogue.ListAsync(systemName, BackupState.Complete, Most, cancellation);
        var verdicts = RetentionRules.Judge(sets, keep, time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone));
        if (dryRun) return verdicts;
        foreach (var over in verdicts.Where(verdict => verdict.IsOver))
            // Somebody may hold it since it was judged; then the catalogue says no.
            if (await catalogue.DeleteAsync(over.Id, cancellation)) await EmptyAsync(systemName, over.Id, cancellation);
        // What a process left that died in the middle.
        foreach (var deleted in await catalogue.ListAsync(systemName, BackupState.Deleted, Most, cancellation)) await EmptyAsync(systemName, deleted.Id, cancellation);
        foreach (var failed in await catalogue.ListAsync(systemName, BackupState.Failed, Most, cancellation)) await EmptyAsync(systemName, failed.Id, cancellation);
        await PruneObjectsAsync(systemName, cancellation);
        return verdicts;
    }

    private async Task PruneObjectsAsync(string system, CancellationToken cancellation)
    {
        try
        {
            await objects.RunAsync(system, cancellation);
        }
        catch (Exception problem) when (problem is BackupException or InvalidDataException or CryptographicException or RequestFailedException)
        {
            log.LogWarning("Objects of {System} that no set needs are still in storage: {Problem}", system, problem is RequestFailedException ? StorageWords.Of(problem) : problem.Message);
        }
    }

    // The manifest first. A container with a policy of immutability refuses until the blob's time is over; then the next evening takes it.
    private async Task EmptyAsync(string system, Guid id, CancellationToken cancellation)
    {
        var manifest = BackupPaths.Manifest(system, id);
        var paths = await blobs.ListAsync(BackupPaths.Folder(system, id), cancellation);
        try
        {
            foreach (var path in paths.OrderByDescending(path => path == manifest)) await blobs.DeleteAsync(path, cancellation);
        }
        catch (RequestFailedException problem) when (problem.Status == 409)
        {
            log.LogInformation("Set {Set} of {System} stays in storage for now: {Problem}", id, system, StorageWords.Of(problem));
        }
    }
}
