using System.Text.Json;

namespace WhatsOps.Backups;

/// <summary>
/// What a set consists of; stored beside its parts as <c>manifest.json</c>, last: a set without a manifest is none. In clear, so that it can be read
/// when everything else is lost; it holds names and counts, no data and no usable key.
/// </summary>
public sealed record BackupManifest
{
    public const int Current = 1;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public int Version { get; init; } = Current;

    public required string System { get; init; }

    public required Guid Id { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>The operator who asked; null when the clock did.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Instances that each gateway listed when the set was made; one that did not answer is not here.</summary>
    public IReadOnlyDictionary<string, int> Instances { get; init; } = new Dictionary<string, int>();

    public required IReadOnlyList<BackupPart> Parts { get; init; }

    public BinaryData ToBlob() => new(JsonSerializer.SerializeToUtf8Bytes(this, Readable));

    /// <exception cref="JsonException">It is damaged, or of a later version of WhatsOps.</exception>
    public static BackupManifest Read(BinaryData blob)
    {
        var manifest = JsonSerializer.Deserialize<BackupManifest>(blob.ToMemory().Span, Readable) ?? throw new JsonException("The manifest is empty.");
        return manifest.Version == Current ? manifest : throw new JsonException($"The manifest is of version {manifest.Version}; this WhatsOps reads version {Current}.");
    }
}
