using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WhatsOps.Backups;

/// <summary>
/// Decrypts what <see cref="SealingStream"/> wrote. Gives out no byte of a chunk before the chunk is authenticated.
/// Throws <see cref="CryptographicException"/> for a wrong key and for anything changed, moved or cut off.
/// </summary>
internal sealed class OpeningStream(Stream source, byte[] key) : Stream
{
    private readonly AesGcm _aes = new(key, SealFormat.TagLength);
    private readonly byte[] _nonce = new byte[12];
    private byte[] _sealed = [];
    private byte[] _plain = [];
    private int _ahead = -1;
    private int _given;
    private int _filled;
    private long _number;
    private bool _isLast;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_sealed.Length == 0) await BeginAsync(cancellationToken);
        while (_given == _filled)
        {
            if (_isLast) return 0;
            await OpenAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _filled - _given);
        _plain.AsMemory(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Parts are read asynchronously only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _aes.Dispose();
            source.Dispose();
        }

        CryptographicOperations.ZeroMemory(_plain);
        base.Dispose(disposing);
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        var header = new byte[SealFormat.HeaderLength];
        if (await source.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellation) < header.Length || !header.AsSpan(0, 4).SequenceEqual(SealFormat.Magic))
            throw new CryptographicException("This is no part of a backup that WhatsOps made.");
        var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        if (length is < 1 or > 16 * SealFormat.ChunkLength) throw new CryptographicException("The header of this part is damaged.");
        _plain = new byte[length];
        // One byte more than a chunk: whether it is there tells whether the chunk is the last.
        _sealed = new byte[length + SealFormat.TagLength + 1];
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        var have = 0;
        if (_ahead >= 0) _sealed[have++] = (byte)_ahead;
        have += await source.ReadAtLeastAsync(_sealed.AsMemory(have), _sealed.Length - have, throwOnEndOfStream: false, cancellation);
        _isLast = have < _sealed.Length;
        if (!_isLast) _ahead = _sealed[--have];
        var length = have - SealFormat.TagLength;
        if (length < 0) throw new CryptographicException("The end of this part is missing.");
        SealFormat.Nonce(_nonce, _number++, _isLast);
        _aes.Decrypt(_nonce, _sealed.AsSpan(0, length), _sealed.AsSpan(length, SealFormat.TagLength), _plain.AsSpan(0, length), SealFormat.Magic);
        (_given, _filled) = (0, length);
    }
}
