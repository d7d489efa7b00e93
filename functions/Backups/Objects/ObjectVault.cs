using System.Security.Cryptography;
using Azure;
using WhatsOps.Blobs;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Stores and opens single objects, encrypted as parts are; not compressed, since pictures and sound are already.</summary>
internal sealed class ObjectVault(IBlobStore blobs, ISecretProtector protector)
{
    private const int Piece = 256 * 1024;

    /// <exception cref="BackupException">The storage does not take it.</exception>
    public async Task<ObjectEntry> PutAsync(string system, Guid set, string part, long number, string key, string etag, long size, Stream content, CancellationToken cancellation)
    {
        var path = BackupPaths.Object(system, set, part, number);
        var secret = RandomNumberGenerator.GetBytes(SealFormat.KeyLength);
        try
        {
            await using var blob = await blobs.BeginAsync(path, "application/octet-stream", cancellation);
            await using var sealing = new SealingStream(blob, secret);
            await content.CopyToAsync(sealing, Piece, cancellation);
            await sealing.CompleteAsync(cancellation);
            await blob.CommitAsync();
            return new(key, etag, size, path, set, Convert.ToBase64String(protector.Protect(Convert.ToBase64String(secret), path)));
        }
        catch (Exception problem) when (problem is RequestFailedException or AggregateException)
        {
            throw new BackupException($"Blob Storage did not take an object of part {part}: {StorageWords.Of(problem)}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The object in clear, as it is read; reading throws <see cref="CryptographicException"/> where it was changed.</summary>
    /// <exception cref="BackupException">It is not there, or its key does not open.</exception>
    public async Task<Stream> OpenAsync(ObjectEntry entry, CancellationToken cancellation)
    {
        byte[] secret;
        try
        {
            secret = Convert.FromBase64String(protector.Unprotect(Convert.FromBase64String(entry.WrappedKey), entry.Blob));
        }
        catch (Exception problem) when (problem is CryptographicException or FormatException)
        {
            throw new BackupException($"The key of an object does not open: {problem.Message}", isLasting: true);
        }

        return new OpeningStream(await blobs.OpenAsync(entry.Blob, cancellation) ?? throw new BackupException($"Object {entry.Blob} is not in storage.", isLasting: true), secret);
    }
}
