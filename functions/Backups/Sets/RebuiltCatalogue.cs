namespace WhatsOps.Backups;

/// <summary>What a rebuild found.</summary>
/// <param name="Restored">Sets put back.</param>
/// <param name="Known">Sets that were there.</param>
/// <param name="Unreadable">Manifests that cannot be read, or stand at another place than they say.</param>
internal sealed record RebuiltCatalogue(int Restored, int Known, IReadOnlyList<string> Unreadable);
