using System.Buffers.Binary;

namespace WhatsOps.Backups;

/// <summary>
/// How a part is encrypted: the header (magic <c>WOB1</c>, chunk size), then chunks of AES-256-GCM, each its ciphertext and a tag of 16 bytes.
/// The nonce is the chunk's number and whether it is the last, so chunks that are missing, moved or cut off do not open. The key is of one
/// attempt at one part and encrypts nothing else.
/// </summary>
internal static class SealFormat
{
    public const int KeyLength = 32;
    public const int TagLength = 16;
    public const int HeaderLength = 8;
    public const int ChunkLength = 1024 * 1024;

    public static ReadOnlySpan<byte> Magic => "WOB1"u8;

    public static byte[] Header()
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), ChunkLength);
        return header;
    }

    public static void Nonce(Span<byte> nonce, long number, bool isLast)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], number);
        nonce[11] = isLast ? (byte)1 : (byte)0;
    }
}
