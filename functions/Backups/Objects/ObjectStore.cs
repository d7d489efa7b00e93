using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>One bucket of an S3-compatible store, for one job only.</summary>
internal sealed class ObjectStore(ObjectsBackup place, string accessKey, string secretKey) : IDisposable
{
    // At most 10,000 of them make an object: 80 GB.
    private const int Piece = 8 * 1024 * 1024;

    private readonly AmazonS3Client _client = new(new BasicAWSCredentials(accessKey, secretKey), new AmazonS3Config
    {
        ServiceURL = place.Endpoint, ForcePathStyle = true, AuthenticationRegion = place.Region, MaxErrorRetry = 2, Timeout = TimeSpan.FromMinutes(5),
        // Checksums that only Amazon knows are refused by others.
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });

    /// <summary>Every object, in the order of its key's bytes, as S3 promises.</summary>
    public async IAsyncEnumerable<S3Object> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        string? next = null;
        do
        {
            var page = await _client.ListObjectsV2Async(new() { BucketName = place.Bucket, Prefix = place.Prefix, ContinuationToken = next }, cancellation);
            foreach (var one in page.S3Objects ?? []) yield return one;
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    public async Task<Stream> ReadAsync(string key, CancellationToken cancellation) => (await _client.GetObjectAsync(place.Bucket, key, cancellation)).ResponseStream;

    /// <summary>The ETag of an object; null when there is none.</summary>
    public async Task<string?> ETagAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return (await _client.GetObjectMetadataAsync(place.Bucket, key, cancellation)).ETag;
        }
        catch (AmazonS3Exception problem) when (problem.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Writes an object of any size with the memory of one piece. In pieces without chunk signatures, which not every store understands.</summary>
    public async Task WriteAsync(string key, Stream content, CancellationToken cancellation)
    {
        var piece = new byte[Piece];
        var filled = await content.ReadAtLeastAsync(piece, Piece, throwOnEndOfStream: false, cancellation);
        if (filled < Piece) await _client.PutObjectAsync(new() { BucketName = place.Bucket, Key = key, InputStream = new MemoryStream(piece, 0, filled), UseChunkEncoding = false }, cancellation);
        else await WritePiecesAsync(key, content, piece, cancellation);
    }

    /// <summary>What failed, without what was sent.</summary>
    public static string Words(Exception problem) => problem is AmazonS3Exception { StatusCode: var status, ErrorCode: var code } ? $"{(int)status} {code}".Trim() : problem.GetType().Name;

    public void Dispose() => _client.Dispose();

    private async Task WritePiecesAsync(string key, Stream content, byte[] piece, CancellationToken cancellation)
    {
        var upload = (await _client.InitiateMultipartUploadAsync(place.Bucket, key, cancellation)).UploadId;
        try
        {
            var parts = new List<PartETag>();
            for (var filled = Piece; filled > 0; filled = await content.ReadAtLeastAsync(piece, Piece, throwOnEndOfStream: false, cancellation))
            {
                var sent = await _client.UploadPartAsync(
                    new() { BucketName = place.Bucket, Key = key, UploadId = upload, PartNumber = parts.Count + 1, InputStream = new MemoryStream(piece, 0, filled), PartSize = filled, UseChunkEncoding = false }, cancellation);
                parts.Add(new(parts.Count + 1, sent.ETag));
            }

            await _client.CompleteMultipartUploadAsync(new() { BucketName = place.Bucket, Key = key, UploadId = upload, PartETags = parts }, cancellation);
        }
        catch
        {
            // What is left of it would be paid for and never seen.
            await _client.AbortMultipartUploadAsync(place.Bucket, key, upload, CancellationToken.None);
            throw;
        }
    }
}
