using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace WhatsOps.Simulator.Webhooks;

/// <summary>The HS256 token that replaces the header jwt_key; it proves the sender, not the body.</summary>
internal static class WebhookJwt
{
    public static string Sign(string key, DateTimeOffset now)
    {
        var iat = now.ToUnixTimeSeconds();
        var signed = Part("""{"alg":"HS256","typ":"JWT"}""") + "."
            + Part($$"""{"iat":{{iat}},"exp":{{iat + 600}},"app":"evolution","action":"webhook"}""");
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed));
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
