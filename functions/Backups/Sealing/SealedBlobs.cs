using System.Security.Cryptography;
using Azure;
using WhatsOps.Blobs;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Encrypted blobs, each with a key of its own that the platform's key wraps. Parts and objects are stored as these.</summary>
internal sealed class SealedBlobs(IBlobStore blobs, ISecretProtector protector)
{
    /// <summary>Stores what is written. When it fails, nothing of it is visible.</summary>
    /// <param name="context">Bound to the wrapped key: it opens only with the same.</param>
    /// <param name="what">What it is, for the error: <c>part product</c>.</param>
    /// <returns>What was stored, and what the writing told of it.</returns>
    /// <exception cref="BackupException">The storage does not take it.</exception>
    public async Task<(SealedBlob Stored, T Written)> WriteAsync<T>(string path, string context, string what, Func<Stream, Task<T>> write, CancellationToken cancellation)
    {
        var key = RandomNumberGenerator.GetBytes(SealFormat.KeyLength);
        try
        {
            await using var blob = await blobs.BeginAsync(path, "application/octet-stream", cancellation);
            await using var sealing = new SealingStream(blob, key);
            var written = await write(sealing);
            await sealing.CompleteAsync(cancellation);
            return (new(await blob.CommitAsync(), blob.Written, protector.Protect(Convert.ToBase64String(key), context)), written);
        }
        catch (Exception problem) when (problem is RequestFailedException or AggregateException)
        {
            throw new BackupException($"Blob Storage did not take {what}: {StorageWords.Of(problem)}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The content in clear, as it is read; reading throws <see cref="CryptographicException"/> where it was changed.</summary>
    /// <param name="wrappedKey">Base64.</param>
    /// <exception cref="BackupException">It is not there, or its key does not open.</exception>
    public async Task<Stream> OpenAsync(string path, string wrappedKey, string context, string what, CancellationToken cancellation)
    {
        byte[] key;
        try
        {
            key = Convert.FromBase64String(protector.Unprotect(Convert.FromBase64String(wrappedKey), context));
        }
        catch (Exception problem) when (problem is CryptographicException or FormatException)
        {
            throw new BackupException($"The key of {what} does not open: {problem.Message}", isLasting: true);
        }

        return new OpeningStream(await StoredAsync(path, what, cancellation), key);
    }

    /// <summary>The bytes as they are stored.</summary>
    /// <exception cref="BackupException">It is not there, or the storage does not answer.</exception>
    public async Task<Stream> StoredAsync(string path, string what, CancellationToken cancellation)
    {
        try
        {
            return await blobs.OpenAsync(path, cancellation) ?? throw new BackupException($"In storage there is no {what}.", isLasting: true);
        }
        catch (Exception problem) when (problem is RequestFailedException or AggregateException)
        {
            throw new BackupException($"Blob Storage does not give {what}: {StorageWords.Of(problem)}");
        }
    }
}
