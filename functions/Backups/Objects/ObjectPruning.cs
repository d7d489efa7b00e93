using WhatsOps.Blobs;

namespace WhatsOps.Backups;

/// <summary>Deletes objects that no complete set refers to any more. They belong to the set that stored them, but later sets may still need them.</summary>
internal sealed class ObjectPruning(BackupCatalogue catalogue, PartReader reader, IBlobStore blobs)
{
    /// <returns>How many were deleted.</returns>
    /// <exception cref="BackupException">An index cannot be read: then nothing is deleted, since what it refers to is not known.</exception>
    public async Task<int> RunAsync(string system, CancellationToken cancellation)
    {
        // In this order: what a set stores after the list is not in it, and one that completes after the list is read among the complete ones.
        var paths = await blobs.ListAsync(BackupPaths.Objects(system), cancellation);
        if (paths.Count == 0) return 0;
        var running = (await catalogue.ListAsync(system, BackupState.Running, BackupCatalogue.All, cancellation)).Select(set => BackupPaths.ObjectsOf(system, set.Id)).ToArray();
        var needed = await NeededAsync(system, cancellation);
        var deleted = 0;
        foreach (var path in paths.Where(path => !needed.Contains(path) && !running.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))))
            if (await blobs.DeleteAsync(path, cancellation)) deleted++;
        return deleted;
    }

    private async Task<HashSet<string>> NeededAsync(string system, CancellationToken cancellation)
    {
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var set in await catalogue.ListAsync(system, BackupState.Complete, BackupCatalogue.All, cancellation))
            foreach (var part in set.Manifest!.Parts.Where(part => part.Kind == ObjectsSource.PartKind))
            {
                await using var content = await reader.OpenAsync(set.Manifest, part, cancellation);
                var index = new ObjectIndex(content);
                await index.BeginAsync(cancellation);
                while (await index.NextAsync(cancellation) is { } entry) needed.Add(entry.Blob);
            }

        return needed;
    }
}
