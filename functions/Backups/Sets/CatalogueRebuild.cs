using System.Text.Json;
using WhatsOps.Blobs;

namespace WhatsOps.Backups;

/// <summary>Rebuilds the catalogue from the manifests in storage, after WhatsOps' own database was lost.</summary>
internal sealed class CatalogueRebuild(IBlobStore blobs, BackupCatalogue catalogue)
{
    public async Task<RebuiltCatalogue> RunAsync(CancellationToken cancellation)
    {
        var (restored, known, unreadable) = (0, 0, new List<string>());
        foreach (var path in (await blobs.ListAsync(BackupPaths.Root, cancellation)).Where(BackupPaths.IsManifest))
        {
            if (await ReadAsync(path, cancellation) is not { } manifest) unreadable.Add(path);
            else if (await catalogue.FindAsync(manifest.Id, cancellation) is { State: BackupState.Complete }) known++;
            else
            {
                await catalogue.CompleteAsync(manifest, cancellation);
                restored++;
            }
        }

        return new(restored, known, unreadable);
    }

    // A manifest that stands elsewhere than it says is somebody's copy: taken for a set, it would be listed twice and deleted with the first.
    private async Task<BackupManifest?> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await blobs.FindAsync(path, cancellation) is { } blob && BackupManifest.Read(blob) is var manifest && path == BackupPaths.Manifest(manifest.System, manifest.Id) ? manifest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
