namespace WhatsOps.Backups;

/// <summary>Reads everything back that a set needs: its parts byte by byte, and the objects that a part only names, which are stored once for all sets.</summary>
internal sealed class SetVerification(PartReader reader, PartRestorers restorers)
{
    /// <exception cref="BackupException">Something is not there, or not as it was stored.</exception>
    public async Task RunAsync(BackupManifest set, CancellationToken cancellation)
    {
        foreach (var part in set.Parts)
        {
            await reader.VerifyAsync(part, cancellation);
            if (part.Kind == ObjectsSource.PartKind) await restorers.ReadAsync(set, part, cancellation);
        }
    }
}
