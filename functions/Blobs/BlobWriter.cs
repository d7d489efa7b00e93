using System.Security.Cryptography;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace WhatsOps.Blobs;

/// <summary>
/// A blob that is written in blocks while its content is still being made: constant memory for any size. Nothing is visible before
/// <see cref="CommitAsync"/>; without it the storage drops the blocks after a week, and an older blob of this path stays.
/// </summary>
public sealed class BlobWriter : WriteOnlyStream
{
    // 50,000 blocks are the most that a blob may have: 195 GB.
    private const int BlockSize = 4 * 1024 * 1024;
    private const int InFlight = 2;

    // The storage refuses a block that was changed on its way. Without a checksum Azurite makes one of its own, in JavaScript: a third of a backup's time.
    private static readonly BlockBlobStageBlockOptions Checked = new() { TransferValidation = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 } };

    private readonly BlockBlobClient _blob;
    private readonly string _contentType;
    private readonly CancellationToken _cancellation;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<string> _blocks = [];
    private readonly Queue<(Task Sent, byte[] Block)> _sending = new();
    private readonly Stack<byte[]> _free = new();
    private byte[] _block = new byte[BlockSize];
    private int _filled;

    internal BlobWriter(BlockBlobClient blob, string contentType, CancellationToken cancellation) => (_blob, _contentType, _cancellation) = (blob, contentType, cancellation);

    /// <summary>Bytes written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Makes the blob visible, whole. Returns the SHA-256 of what was sent, in lower-case hex.</summary>
    public async Task<string> CommitAsync()
    {
        if (_filled > 0) await SendAsync();
        while (_sending.Count > 0) await SettleAsync();
        await _blob.CommitBlockListAsync(_blocks, new CommitBlockListOptions { HttpHeaders = new() { ContentType = _contentType } }, _cancellation);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var part = buffer[..Math.Min(buffer.Length, BlockSize - _filled)];
            part.CopyTo(_block.AsMemory(_filled));
            _filled += part.Length;
            buffer = buffer[part.Length..];
            if (_filled == BlockSize) await SendAsync();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }

    private async Task SendAsync()
    {
        if (_sending.Count == InFlight) await SettleAsync();
        _hash.AppendData(_block, 0, _filled);
        Written += _filled;
        var id = Convert.ToBase64String(BitConverter.GetBytes(_blocks.Count));
        _blocks.Add(id);
        // The client repeats a block that fails; a block staged twice is staged once.
        _sending.Enqueue((_blob.StageBlockAsync(id, new MemoryStream(_block, 0, _filled, writable: false), Checked, _cancellation), _block));
        _block = _free.TryPop(out var free) ? free : new byte[BlockSize];
        _filled = 0;
    }

    private async Task SettleAsync()
    {
        var (sent, block) = _sending.Dequeue();
        await sent;
        _free.Push(block);
    }
}
