using System.Security.Cryptography;
using Azure;
using ZstdSharp;

namespace WhatsOps.Backups;

/// <summary>Reads stored parts: their content, or only whether the stored bytes are still those that were sent.</summary>
internal sealed class PartReader(SealedBlobs blobs)
{
    private const int Piece = 1024 * 1024;

    /// <summary>The part in clear, as it is read. Reading throws <see cref="CryptographicException"/> where it was changed.</summary>
    /// <exception cref="BackupException">It is not there, or its key does not open.</exception>
    public async Task<Stream> OpenAsync(BackupManifest set, BackupPart part, CancellationToken cancellation) => new DecompressionStream(
        await blobs.OpenAsync(part.Blob, part.Key, BackupPaths.KeyContext(set.System, set.Id, part.Name), $"part {part.Name}, whose data key is {part.KeyId},", cancellation), leaveOpen: false);

    /// <summary>Reads every stored byte back and compares.</summary>
    /// <exception cref="BackupException">They are not there, or not those of the manifest.</exception>
    public async Task VerifyAsync(BackupPart part, CancellationToken cancellation)
    {
        await using var stored = await blobs.StoredAsync(part.Blob, $"part {part.Name}", cancellation);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Piece];
        try
        {
            int count;
            while ((count = await stored.ReadAsync(piece, cancellation)) > 0) hash.AppendData(piece, 0, count);
        }
        catch (Exception problem) when (problem is RequestFailedException or AggregateException or IOException)
        {
            throw new BackupException($"Part {part.Name} could not be read back: {StorageWords.Of(problem)}");
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != part.Sha256) throw new BackupException($"Part {part.Name} in storage is not what was sent there: its SHA-256 differs from the manifest's.");
    }
}
