using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>Webhook bodies and proofs as Evolution makes them.</summary>
internal static class Webhooks
{
    private static long _clock = DateTimeOffset.Parse("2026-03-01T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    public static string State(string instance, string state, int reason = 200, string? dateTime = null) => Body(
        "connection.update", instance, new JsonObject { ["instance"] = instance, ["state"] = state, ["statusReason"] = reason }, dateTime);

    public static string Message(string instance, string id, string phone = "5511999990000", string? dateTime = null) => Body(
        "messages.upsert", instance, new JsonObject
        {
            ["key"] = new JsonObject { ["remoteJid"] = $"{phone}@s.whatsapp.net", ["fromMe"] = false, ["id"] = id },
            ["message"] = new JsonObject { ["conversation"] = "olá" },
            ["status"] = "DELIVERY_ACK",
        }, dateTime);

    public static string QrCode(string instance) => Body(
        "qrcode.updated", instance, new JsonObject { ["qrcode"] = new JsonObject { ["instance"] = instance, ["code"] = $"2@{Guid.NewGuid():N}", ["base64"] = "data:image/png;base64,AAAA" } });

    public static string Body(string eventName, string? instance, JsonNode? data, string? dateTime = null, string? apikey = "11111111-TOKEN") => new JsonObject
    {
        ["event"] = eventName,
        ["instance"] = instance,
        ["data"] = data,
        ["destination"] = "http://127.0.0.1/hook",
        ["date_time"] = dateTime ?? NextTime(),
        ["sender"] = "5511888880000@s.whatsapp.net",
        ["server_url"] = "http://127.0.0.1:8080",
        ["apikey"] = apikey,
    }.ToJsonString();

    public static string NextTime() => Time(DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Increment(ref _clock)));

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>What Evolution makes of a header <c>jwt_key</c>.</summary>
    public static string Jwt(string secret, DateTimeOffset? issued = null, string alg = "HS256", long? expires = null, bool withExpiry = true)
    {
        var iat = (issued ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds();
        var claims = new JsonObject { ["iat"] = iat, ["app"] = "evolution", ["action"] = "webhook" };
        if (withExpiry) claims["exp"] = expires ?? iat + 600;
        var signed = Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg, typ = "JWT" })) + "." + Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        return signed + "." + (alg == "none" ? "" : Encode(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed))));
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
