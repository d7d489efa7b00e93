namespace WhatsOps.Backups;

/// <summary>What was stored.</summary>
/// <param name="Sha256">Of the stored bytes, lower-case hex.</param>
/// <param name="Bytes">Stored.</param>
/// <param name="WrappedKey">Its own key, wrapped with the platform's.</param>
internal sealed record SealedBlob(string Sha256, long Bytes, byte[] WrappedKey);
