using ZstdSharp;

namespace WhatsOps.Backups;

/// <summary>Writes one part: source, compression, encryption, storage, in one stream with constant memory and no temporary file.</summary>
internal sealed class PartWriter(SealedBlobs blobs, TimeProvider time)
{
    // As fast as pg_dump writes on one core, and two thirds of what gzip's fastest leaves: see "Backups" in docs/numbers.md.
    private const int Level = 1;

    /// <summary>The stored part. When it fails, nothing of it is visible.</summary>
    /// <param name="passed">Called with the bytes read so far.</param>
    /// <exception cref="BackupException">The source or the storage failed.</exception>
    public async Task<BackupPart> WriteAsync(string system, Guid set, IBackupSource source, Action<long> passed, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var path = BackupPaths.Part(system, set, source.Name);
        var (stored, (facts, plainBytes)) = await blobs.WriteAsync(path, BackupPaths.KeyContext(system, set, source.Name), $"part {source.Name}",
            target => CompressAsync(source, target, passed, cancellation), cancellation);
        return new()
        {
            Name = source.Name, Kind = source.Kind, Blob = path, Sha256 = stored.Sha256, Bytes = stored.Bytes, PlainBytes = plainBytes,
            Key = Convert.ToBase64String(stored.WrappedKey), KeyId = Convert.ToHexStringLower(stored.WrappedKey.AsSpan(1, 4)),
            Server = facts.Server, Tool = facts.Tool, Counts = facts.Counts, Probes = facts.Probes, IsWhole = facts.IsWhole, Notices = facts.Notices,
            Seconds = time.GetElapsedTime(began).TotalSeconds,
        };
    }

    private static async Task<(SourceFacts Facts, long Bytes)> CompressAsync(IBackupSource source, Stream target, Action<long> passed, CancellationToken cancellation)
    {
        await using var zstd = new CompressionStream(target, Level, leaveOpen: true);
        var meter = new MeteredStream(zstd, passed);
        return (await source.WriteAsync(meter, cancellation), meter.Bytes);
    }
}
