using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WhatsOps.Events;

/// <summary>Hashes phone numbers under a key of their own, so that a person's events can be found for erasure without storing numbers in clear.</summary>
/// <param name="key">32 bytes.</param>
internal sealed class PhoneHasher(byte[] key)
{
    /// <param name="digits">ASCII digits with country code, nothing else.</param>
    public long Hash(ReadOnlySpan<byte> digits)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, digits, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
