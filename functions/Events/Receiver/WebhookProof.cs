using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Events;

/// <summary>
/// Whether a request is a tenant's: its secret in header <c>x-whatsops-secret</c>, or a JWT signed with it (HS256), which is what Evolution
/// makes of a webhook header named <c>jwt_key</c>. The current and the previous secret count.
/// </summary>
internal static class WebhookProof
{
    private const long Leeway = 300;

    // Evolution signs once per event and repeats it with the same token (valid 600 s) for up to 10 attempts, half an hour with its time-outs:
    // a 401 for its age would throw away what an outage of ours held up.
    private const long RetriedFor = 1800;

    // Longer than any JWT Evolution makes; what is longer is not worth hashing.
    private const int MaxTokenLength = 4096;

    /// <summary>The tenant whose secret fits; null when none does.</summary>
    public static TenantWebhookSecret? Find(IHeaderDictionary headers, IReadOnlyList<TenantWebhookSecret> candidates, DateTimeOffset now)
    {
        var secret = headers[WebhookSettings.SecretHeader].ToString();
        var token = headers.Authorization.ToString().Length <= MaxTokenLength ? BearerToken.Of(headers) : null;
        foreach (var candidate in candidates)
        {
            if (secret.Length > 0 && (Same(secret, candidate.Current) || Same(secret, candidate.Previous))) return candidate;
            if (token is not null && (IsSigned(token, candidate.Current, now) || IsSigned(token, candidate.Previous, now))) return candidate;
        }

        return null;
    }

    /// <summary>In a time that tells nothing of the secret; one that is empty is nobody's.</summary>
    internal static bool Same(string sent, string? known)
    {
        if (string.IsNullOrEmpty(known)) return false;
        return CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(sent.AsSpan()), MemoryMarshal.AsBytes(known.AsSpan()));
    }

    private static bool IsSigned(string token, string? secret, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(secret)) return false;
        var signatureAt = token.LastIndexOf('.');
        var claimsAt = token.IndexOf('.', StringComparison.Ordinal);
        if (claimsAt <= 0 || claimsAt == signatureAt) return false;
        Span<byte> signature = stackalloc byte[32];
        // Not TryDecode: that one throws on what is no base64.
        if (Base64Url.DecodeFromChars(token.AsSpan(signatureAt + 1), signature, out _, out var length) != OperationStatus.Done || length != 32) return false;
        Span<byte> expected = stackalloc byte[32];
        Span<byte> signed = stackalloc byte[MaxTokenLength];
        if (Ascii.FromUtf16(token.AsSpan(0, signatureAt), signed, out var signedLength) != OperationStatus.Done) return false;
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed[..signedLength], expected);
        // Signature first: header and claims of a stranger are not worth parsing.
        return CryptographicOperations.FixedTimeEquals(signature, expected)
            && IsHs256(token.AsSpan(0, claimsAt))
            && IsInTime(token.AsSpan(claimsAt + 1, signatureAt - claimsAt - 1), now.ToUnixTimeSeconds());
    }

    private static bool IsHs256(ReadOnlySpan<char> header)
    {
        using var json = Parse(header);
        return json is not null && json.RootElement.TryGetProperty("alg", out var alg) && alg.ValueKind == JsonValueKind.String && alg.GetString() == "HS256";
    }

    // Evolution gives a token ten minutes; without an end it would be a password for ever.
    private static bool IsInTime(ReadOnlySpan<char> claims, long now)
    {
        using var json = Parse(claims);
        if (json is null || Seconds(json, "exp") is not { } expires || now > expires + RetriedFor) return false;
        return Seconds(json, "iat") is not { } issued || issued <= now + Leeway;
    }

    private static long? Seconds(JsonDocument claims, string name) =>
        claims.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) ? seconds : null;

    private static JsonDocument? Parse(ReadOnlySpan<char> part)
    {
        try
        {
            var json = JsonDocument.Parse(Base64Url.DecodeFromChars(part));
            if (json.RootElement.ValueKind == JsonValueKind.Object) return json;
            json.Dispose();
            return null;
        }
        catch (Exception problem) when (problem is FormatException or JsonException)
        {
            return null;
        }
    }
}
