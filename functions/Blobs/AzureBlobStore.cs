using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace WhatsOps.Blobs;

/// <summary>Azure Blob Storage, or Azurite locally.</summary>
/// <param name="open">Called on first use: the app starts without storage, and the SDK costs its start nothing.</param>
internal sealed class AzureBlobStore(Func<BlobContainerClient> open, TimeProvider time) : IBlobStore
{
    private const int NotImplemented = 501;

    private readonly Lazy<BlobContainerClient> _container = new(open, LazyThreadSafetyMode.PublicationOnly);

    private volatile bool _exists;

    private BlobContainerClient Container => _container.Value;

    public async Task<bool> PutAsync(string path, BinaryData content, string contentType, bool overwrite, CancellationToken cancellation)
    {
        await EnsureContainerAsync(cancellation);
        var options = new BlobUploadOptions
        {
            HttpHeaders = new() { ContentType = contentType },
            Conditions = overwrite ? null : new() { IfNoneMatch = ETag.All },
        };
        try
        {
            await Container.GetBlobClient(path).UploadAsync(content, options, cancellation);
            return true;
        }
        catch (RequestFailedException problem) when (!overwrite && problem.Status is 409 or 412)
        {
            return false;
        }
    }

    public async Task<BinaryData?> FindAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return (await Container.GetBlobClient(path).DownloadContentAsync(cancellation)).Value.Content;
        }
        catch (RequestFailedException problem) when (problem.Status == 404)
        {
            return null;
        }
    }

    public async Task<BlobWriter> BeginAsync(string path, string contentType, CancellationToken cancellation)
    {
        await EnsureContainerAsync(cancellation);
        return new(Container.GetBlockBlobClient(path), contentType, cancellation);
    }

    public async Task<Stream?> OpenAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await Container.GetBlobClient(path).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = 4 * 1024 * 1024 }, cancellation);
        }
        catch (RequestFailedException problem) when (problem.Status == 404)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation)
    {
        await EnsureContainerAsync(cancellation);
        var paths = new List<string>();
        await foreach (var blob in Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellation)) paths.Add(blob.Name);
        return paths;
    }

    public async Task<bool> HoldAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return (await Container.GetBlobClient(path).SetLegalHoldAsync(true, cancellation)).Value.HasLegalHold;
        }
        catch (RequestFailedException problem) when (problem.Status is (>= 400 and < 500) or NotImplemented)
        {
            return false;
        }
    }

    public async Task<bool> DeleteAsync(string path, CancellationToken cancellation) =>
        (await Container.GetBlobClient(path).DeleteIfExistsAsync(cancellationToken: cancellation)).Value;

    public async Task<TimeSpan> ProbeAsync(CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        await Container.CreateIfNotExistsAsync(cancellationToken: cancellation);
        return time.GetElapsedTime(began);
    }

    private async Task EnsureContainerAsync(CancellationToken cancellation)
    {
        if (_exists) return;
        await Container.CreateIfNotExistsAsync(cancellationToken: cancellation);
        _exists = true;
    }
}
