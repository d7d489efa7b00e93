using System.Security.Cryptography;
using Azure;
using WhatsOps.Blobs;
using WhatsOps.Fleet;
using ZstdSharp;

namespace WhatsOps.Backups;

/// <summary>Writes one part: source, compression, encryption, storage, in one stream with constant memory and no temporary file.</summary>
internal sealed class PartWriter(IBlobStore blobs, ISecretProtector protector, TimeProvider time)
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
        var key = RandomNumberGenerator.GetBytes(SealFormat.KeyLength);
        try
        {
            await using var blob = await blobs.BeginAsync(path, "application/octet-stream", cancellation);
            await using var sealing = new SealingStream(blob, key);
            var (facts, plainBytes) = await CompressAsync(source, sealing, passed, cancellation);
            await sealing.CompleteAsync(cancellation);
            var sha256 = await blob.CommitAsync();
            var wrapped = protector.Protect(Convert.ToBase64String(key), BackupPaths.KeyContext(system, set, source.Name));
            return new()
            {
                Name = source.Name, Kind = source.Kind, Blob = path, Sha256 = sha256, Bytes = blob.Written, PlainBytes = plainBytes,
                Key = Convert.ToBase64String(wrapped), KeyId = Convert.ToHexStringLower(wrapped.AsSpan(1, 4)),
                Server = facts.Server, Tool = facts.Tool, Counts = facts.Counts, Probes = facts.Probes, IsWhole = facts.IsWhole, Notices = facts.Notices,
                Seconds = time.GetElapsedTime(began).TotalSeconds,
            };
        }
        catch (Exception problem) when (problem is RequestFailedException or AggregateException)
        {
            throw new BackupException($"Blob Storage did not take part {source.Name}: {StorageWords.Of(problem)}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static async Task<(SourceFacts Facts, long Bytes)> CompressAsync(IBackupSource source, SealingStream sealing, Action<long> passed, CancellationToken cancellation)
    {
        await using var zstd = new CompressionStream(sealing, Level, leaveOpen: true);
        var meter = new MeteredStream(zstd, passed);
        return (await source.WriteAsync(meter, cancellation), meter.Bytes);
    }
}
