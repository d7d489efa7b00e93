using System.Security.Cryptography;
using WhatsOps.Gateways;

namespace WhatsOps.Events;

/// <summary>HMAC-SHA-256 of instances' tokens under a key of their own: two can be compared, none can be read.</summary>
/// <param name="key">32 bytes.</param>
internal sealed class TokenHasher(byte[] key)
{
    public byte[] Hash(InstanceToken token) => token.HashedBy(key);

    /// <param name="token">UTF-8.</param>
    public void Hash(ReadOnlySpan<byte> token, Span<byte> hash) => HMACSHA256.HashData(key, token, hash);
}
