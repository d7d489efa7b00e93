namespace WhatsOps.Fleet;

/// <summary>Objects of an S3-compatible store in a backup set: the media of messages. Each is stored once, and again only when its ETag changes.</summary>
public sealed record ObjectsBackup
{
    /// <summary>The part's name in the set; unique in its system.</summary>
    public required string Name { get; init; }

    /// <summary>Address of the store, e.g. <c>https://minio.example.com:9000</c>. The bucket is in the path, not in the host's name.</summary>
    public required string Endpoint { get; init; }

    public required string Bucket { get; init; }

    /// <summary>Beginning of keys; empty: the whole bucket.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>As the store wants it in signatures.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Reference to the access key. It needs to list and read; for a restore to write, too.</summary>
    public required string AccessKey { get; init; }

    /// <summary>Reference to the secret key.</summary>
    public required string SecretKey { get; init; }
}
