using System.Security.Cryptography;
using Azure;
using Microsoft.Extensions.Logging;
using WhatsOps.Blobs;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Deletes the sets whose time is over: the manifest first, so that half a set is never taken for one.</summary>
internal sealed class BackupPruning(BackupCatalogue catalogue, ObjectPruning objects, IBlobStore blobs, IFleet fleet, TimeProvider time, ILogger<BackupPruning> log)
{
    /// <exception cref="ProblemException">404 no such system, 409 it has no backup.</exception>
    public async Task<IReadOnlyList<RetentionVerdict>> PruneAsync(string systemName, bool dryRun, CancellationToken cancellation)
    {
        var system = (await fleet.CurrentAsync(cancellation))?.System(systemName)
            ?? throw new ProblemException(404, $"The fleet has no system {systemName}.", "$.system", "List them: whatsops fleet show.");
        var keep = system.Backup?.Keep ?? throw new ProblemException(409, $"System {systemName} has no backup in the fleet file.", "$.system", "Add systems[].backup; docs/backups.md shows it.");
        var sets = await catalogue.ListAsync(systemName, BackupState.Complete, BackupCatalogue.All, cancellation);
        var verdicts = RetentionRules.Judge(sets, keep, time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone));
        if (dryRun) return verdicts;
        // Somebody may hold it since it was judged; then the catalogue says no.
        foreach (var over in verdicts.Where(verdict => verdict.IsOver)) await catalogue.DeleteAsync(over.Id, cancellation);
        await EmptyAsync(systemName, cancellation);
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

    // What is over, and what a process left that died in the middle: one look at storage for all of them. Of each the manifest first. A container with a policy
    // of immutability refuses until the blob's time is over; then the next evening takes it.
    private async Task EmptyAsync(string system, CancellationToken cancellation)
    {
        var stored = (await blobs.ListAsync(BackupPaths.Folder(system), cancellation)).ToLookup(path => BackupPaths.FolderOf(system, path), StringComparer.Ordinal);
        foreach (var state in (BackupState[])[BackupState.Deleted, BackupState.Failed])
            foreach (var set in await catalogue.ListAsync(system, state, BackupCatalogue.All, cancellation))
                try
                {
                    foreach (var path in stored[BackupPaths.Folder(system, set.Id)].OrderByDescending(BackupPaths.IsManifest)) await blobs.DeleteAsync(path, cancellation);
                }
                catch (RequestFailedException problem) when (problem.Status == 409)
                {
                    log.LogInformation("Set {Set} of {System} stays in storage for now: {Problem}", set.Id, system, StorageWords.Of(problem));
                }
    }
}
