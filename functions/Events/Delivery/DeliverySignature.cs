using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace WhatsOps.Events;

/// <summary>Standard Webhooks: <c>v1,</c> and base64 of HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
internal static class DeliverySignature
{
    private const string Prefix = "whsec_";

    /// <param name="secret"><c>whsec_</c> and base64, or any text, whose UTF-8 bytes are the key then.</param>
    /// <param name="timestamp">Unix seconds.</param>
    public static string Of(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key(secret));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }

    /// <summary>True when it begins like a Standard Webhooks secret and is none: a receiver's library would refuse it.</summary>
    public static bool IsMalformed(string secret) => secret.StartsWith(Prefix, StringComparison.Ordinal) && Decoded(secret) is null;

    // A malformed one still signs the same way every time; doctor tells of it.
    private static byte[] Key(string secret) => Decoded(secret) ?? Encoding.UTF8.GetBytes(secret);

    private static byte[]? Decoded(string secret)
    {
        if (!secret.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var text = secret.AsSpan(Prefix.Length);
        var key = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, key, out var length) && length > 0 ? key[..length] : null;
    }
}
