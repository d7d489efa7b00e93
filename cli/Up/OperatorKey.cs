using System.Security.Cryptography;
using System.Text;

namespace WhatsOps.Cli.Up;

/// <summary>A new operator key (256 random bits) and what the fleet file keeps of it.</summary>
internal sealed record OperatorKey(string Key, string Hash)
{
    public static OperatorKey Create()
    {
        var key = $"wo_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        return new OperatorKey(key, HashOf(key));
    }

    /// <summary><c>sha256:</c> + hex: the key is random and long, so a slow hash would protect nothing more.</summary>
    public static string HashOf(string key) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";

    /// <summary>Never prints the key.</summary>
    public override string ToString() => Hash;
}
