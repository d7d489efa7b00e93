using Amazon.Runtime;
using Amazon.S3;

namespace WhatsOps.Watch;

/// <summary>minioadmin/minioadmin at a MinIO, over S3: the list of buckets, which its first user may always read.</summary>
internal static class MinioLogin
{
    private const string Default = "minioadmin";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<LoginAnswer> TryAsync(string url, CancellationToken cancellation)
    {
        try
        {
            using var client = new AmazonS3Client(
                new BasicAWSCredentials(Default, Default),
                new AmazonS3Config { ServiceURL = url, ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, Timeout = Patience });
            var answer = await client.ListBucketsAsync(cancellation);
            return answer.Owner is not null || answer.Buckets is not null ? new(true, "It lists its buckets.") : new(null, "What answers there is no store that speaks S3.");
        }
        catch (AmazonS3Exception problem)
        {
            return problem.ErrorCode is "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "AccessDenied"
                ? new(false, $"It answers {problem.ErrorCode}.")
                : new(null, $"It answers {(int)problem.StatusCode}, not as a store that speaks S3.");
        }
        catch (Exception problem) when (problem is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or UriFormatException or ArgumentException)
        {
            return new(null, $"The exchange failed ({problem.GetType().Name}).");
        }
    }
}
