using System.Security.Cryptography;
using System.Text;
using WhatsOps.Fleet;

namespace WhatsOps.Audits;

/// <summary>What is wrong with a gateway's global key. The key is looked at in memory and never shown.</summary>
internal static class KeyRules
{
    // SHA-256 of the keys that Evolution's own example files of 2.x and 1.x ship with: the keys themselves do not belong into sources.
    private static readonly HashSet<string> Published = new(StringComparer.Ordinal)
    {
        "52a8db81739d42fa20348b648053c582902105ae3ca05024fbc58ad7c1605a93",
        "07d7f91b7fb76bd47d3b63d098ebe823ce32def8d9838cfd28b81ac410b4f3c4",
    };

    /// <summary>Null: nothing is wrong with it by itself.</summary>
    public static string? Weakness(string key)
    {
        key = key.Trim();
        if (Published.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToUpperInvariant()))))) return "published_default";
        // The gateway limits nobody.
        if (key.Length < SecretStrength.LeastLength) return "too_short";
        return SecretStrength.Bits(key) < SecretStrength.LeastBits ? "low_entropy" : null;
    }

    public static string Cause(string weakness) => weakness switch
    {
        "published_default" => "is the one from Evolution's example file, which the whole world knows",
        "too_short" => $"has fewer than {SecretStrength.LeastLength} characters",
        "low_entropy" => "repeats itself so much that it can be guessed",
        "same_as_another_gateway" => "is that of another gateway, too: who has one has both",
        _ => "is also the token of an instance: a customer's token commands the whole gateway",
    };
}
