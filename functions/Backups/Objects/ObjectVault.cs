namespace WhatsOps.Backups;

/// <summary>Stores and opens single objects, encrypted as parts are; not compressed, since pictures and sound are already.</summary>
internal sealed class ObjectVault(SealedBlobs blobs)
{
    private const int Piece = 256 * 1024;

    /// <exception cref="BackupException">The storage does not take it.</exception>
    public async Task<ObjectEntry> PutAsync(string system, Guid set, string part, long number, string key, string etag, long size, Stream content, CancellationToken cancellation)
    {
        var path = BackupPaths.Object(system, set, part, number);
        var (stored, _) = await blobs.WriteAsync(path, path, $"an object of part {part}", async target =>
        {
            await content.CopyToAsync(target, Piece, cancellation);
            return size;
        }, cancellation);
        return new(key, etag, size, path, Convert.ToBase64String(stored.WrappedKey));
    }

    /// <summary>The object in clear, as it is read; reading throws <see cref="System.Security.Cryptography.CryptographicException"/> where it was changed.</summary>
    /// <exception cref="BackupException">It is not there, or its key does not open.</exception>
    public Task<Stream> OpenAsync(ObjectEntry entry, CancellationToken cancellation) => blobs.OpenAsync(entry.Blob, entry.WrappedKey, entry.Blob, $"object {entry.Blob}", cancellation);
}
