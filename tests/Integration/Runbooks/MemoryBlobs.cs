using System.Collections.Concurrent;
using WhatsOps.Blobs;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>Blob Storage in memory, which can be down.</summary>
internal sealed class MemoryBlobs : IBlobStore
{
    public ConcurrentDictionary<string, string> Content { get; } = new();

    public bool Down { get; set; }

    public Task<bool> PutAsync(string path, BinaryData content, string contentType, bool overwrite, CancellationToken cancellation)
    {
        if (Down) throw new TimeoutException("Blob Storage is down.");
        if (overwrite) Content[path] = content.ToString();
        return Task.FromResult(overwrite || Content.TryAdd(path, content.ToString()));
    }

    public Task<BinaryData?> FindAsync(string path, CancellationToken cancellation) =>
        Task.FromResult(Content.TryGetValue(path, out var text) ? BinaryData.FromString(text) : null);

    public Task<BlobWriter> BeginAsync(string path, string contentType, CancellationToken cancellation) => throw new NotSupportedException("Runbooks write whole blobs.");

    public Task<Stream?> OpenAsync(string path, CancellationToken cancellation) => throw new NotSupportedException("Runbooks read whole blobs.");

    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<string>>([.. Content.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);

    public Task<bool> HoldAsync(string path, CancellationToken cancellation) => Task.FromResult(false);

    public Task<bool> DeleteAsync(string path, CancellationToken cancellation) => Task.FromResult(Content.TryRemove(path, out _));

    public Task<TimeSpan> ProbeAsync(CancellationToken cancellation) => Down ? throw new TimeoutException("Blob Storage is down.") : Task.FromResult(TimeSpan.Zero);
}
