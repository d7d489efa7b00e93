using System.Security.Cryptography;
using System.Text;

namespace WhatsOps.Gateways;

/// <summary>An instance's own token, as its gateway's list shows it. It opens the instance, so nothing can be had of it but a keyed hash.</summary>
public sealed class InstanceToken(string token)
{
    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    /// <summary>HMAC-SHA-256.</summary>
    public byte[] HashedBy(byte[] key) => HMACSHA256.HashData(key, _token);

    public override bool Equals(object? obj) => obj is InstanceToken token && CryptographicOperations.FixedTimeEquals(_token, token._token);

    // One for all: a real one would tell something of the token.
    public override int GetHashCode() => 0;

    public override string ToString() => "(hidden)";
}
