namespace WhatsOps.Blobs;

/// <summary>Files in Blob Storage, by path within one container. The container is made when absent.</summary>
public interface IBlobStore
{
    /// <summary>Writes a blob. Without <paramref name="overwrite"/> an existing one stays as it is and the answer is false.</summary>
    Task<bool> PutAsync(string path, BinaryData content, string contentType, bool overwrite, CancellationToken cancellation);

    /// <summary>The blob's content; null when there is none.</summary>
    Task<BinaryData?> FindAsync(string path, CancellationToken cancellation);

    /// <summary>Begins a blob that comes in pieces and replaces an older one when it is committed.</summary>
    Task<BlobWriter> BeginAsync(string path, string contentType, CancellationToken cancellation);

    /// <summary>The blob's content as it is read; null when there is none.</summary>
    Task<Stream?> OpenAsync(string path, CancellationToken cancellation);

    /// <summary>Paths that begin with the prefix, in order.</summary>
    Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>
    /// Keeps the blob from being changed or deleted by anybody until a person lifts the hold. False: the storage has no holds (Azurite, or a container without
    /// version-level immutability), or we have no right to set one.
    /// </summary>
    Task<bool> HoldAsync(string path, CancellationToken cancellation);

    /// <summary>True when there was one.</summary>
    Task<bool> DeleteAsync(string path, CancellationToken cancellation);

    /// <summary>Round trip time of a request that needs the right to write here; throws when storage cannot be reached.</summary>
    Task<TimeSpan> ProbeAsync(CancellationToken cancellation);
}
