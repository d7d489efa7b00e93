using System.Security.Cryptography;
using WhatsOps.Blobs;

namespace WhatsOps.Backups;

/// <summary>Encrypts what is written to it, chunk by chunk, into another stream. Whole only after <see cref="CompleteAsync"/>.</summary>
internal sealed class SealingStream(Stream target, byte[] key) : WriteOnlyStream
{
    private readonly AesGcm _aes = new(key, SealFormat.TagLength);
    private readonly byte[] _plain = new byte[SealFormat.ChunkLength];
    private readonly byte[] _sealed = new byte[SealFormat.ChunkLength + SealFormat.TagLength];
    private readonly byte[] _nonce = new byte[12];
    private int _filled;
    private long _number;
    private bool _hasHeader;

    /// <summary>Writes the last chunk. What has no last chunk cannot be opened.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellation) => SealAsync(isLast: true, cancellation);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            // A full chunk waits for a byte behind it: only then it is known not to be the last.
            if (_filled == _plain.Length) await SealAsync(isLast: false, cancellationToken);
            var part = buffer[..Math.Min(buffer.Length, _plain.Length - _filled)];
            part.CopyTo(_plain.AsMemory(_filled));
            _filled += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _aes.Dispose();
        CryptographicOperations.ZeroMemory(_plain);
        base.Dispose(disposing);
    }

    private async ValueTask SealAsync(bool isLast, CancellationToken cancellation)
    {
        if (!_hasHeader) await target.WriteAsync(SealFormat.Header(), cancellation);
        _hasHeader = true;
        SealFormat.Nonce(_nonce, _number++, isLast);
        _aes.Encrypt(_nonce, _plain.AsSpan(0, _filled), _sealed.AsSpan(0, _filled), _sealed.AsSpan(_filled, SealFormat.TagLength), SealFormat.Magic);
        await target.WriteAsync(_sealed.AsMemory(0, _filled + SealFormat.TagLength), cancellation);
        _filled = 0;
    }
}
