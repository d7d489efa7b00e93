using System.Text.Json;

namespace WhatsOps.Gateways.Evolution;

/// <summary>An instance's message to itself, in both dialects.</summary>
internal static class EvolutionSelf
{
    public static GatewayRequest Question(string instance) =>
        new("owner", HttpMethod.Get, "/instance/fetchInstances?instanceName=" + Uri.EscapeDataString(instance), instance);

    /// <summary>The digits of the number that paired, or null. 2.x: <c>ownerJid</c> of a flat row; 1.x: <c>owner</c>, nested, and a single match without the array.</summary>
    public static Func<Stream, CancellationToken, Task<string?>> Owner(string instance) => async (body, cancellation) =>
    {
        var json = await EvolutionReader.JsonAsync(body, cancellation);
        if (json.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) throw new JsonException("no instance list");
        foreach (var row in json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().ToArray() : [json])
        {
            var inner = row.ValueKind == JsonValueKind.Object && row.TryGetProperty("instance", out var nested) ? nested : row;
            // Never another's number, whatever the gateway makes of the query.
            if ((inner.Text("name") ?? inner.Text("instanceName")) == instance)
                return Digits(inner.Text("ownerJid") ?? inner.Text("owner"));
        }

        return null;
    };

    public static GatewayRequest Text(EvolutionVersion version, string instance, string number, string text) => new(
        "send_text", HttpMethod.Post, "/message/sendText/" + GatewayRequest.Escape(instance), instance,
        version == EvolutionVersion.V1 ? new V1Text(number, new V1Message(text)) : (object)new V2Text(number, text));

    /// <summary>The <c>key.id</c> of the message; empty where the answer has none.</summary>
    public static async Task<string> IdAsync(Stream body, CancellationToken cancellation)
    {
        var json = await EvolutionReader.JsonAsync(body, cancellation);
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty("key", out var key) ? key.Text("id") ?? "" : "";
    }

    public static SelfMessage Map(GatewayAnswer<string> answer) => answer switch
    {
        // 201 is a success in whatever shape, and so is a 200 that cannot be read; an error in disguise is a 200 that can.
        { Status: 201 } or { Status: 200, Error: null } => new(SelfMessageResult.Accepted, answer.Value is { Length: > 0 } id ? id : null, null),
        { Status: null or 502 or 503 or 504 } => new(SelfMessageResult.Unanswered, null, answer.Detail),
        { IsUnauthorized: true } or { Status: 404 or (>= 300 and < 400) } => new(SelfMessageResult.NotSent, null, answer.Detail),
        // Its schema, and so not the session, is what refuses.
        { Status: 400, Error: { } error } when error.Contains("requires property", StringComparison.Ordinal) => new(SelfMessageResult.NotSent, null, answer.Detail),
        _ => new(SelfMessageResult.Refused, null, answer.Detail),
    };

    // 5511999990000@s.whatsapp.net, or with the device: 5511999990000:12@s.whatsapp.net. 1.x writes "not loaded" where there is none.
    private static string? Digits(string? jid)
    {
        if (jid is null || !jid.EndsWith("@s.whatsapp.net", StringComparison.Ordinal)) return null;
        var digits = jid[..jid.IndexOfAny(['@', ':'])];
        return digits.Length is >= 8 and <= 15 && digits.All(char.IsAsciiDigit) ? digits : null;
    }

    private sealed record V2Text(string Number, string Text);

    private sealed record V1Text(string Number, V1Message TextMessage);

    private sealed record V1Message(string Text);
}
