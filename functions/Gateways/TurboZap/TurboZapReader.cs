using System.Text.Json;

namespace WhatsOps.Gateways.TurboZap;

/// <summary>
/// Reads TurboZap's answers: <c>{"success":true,"data":…}</c> or <c>{"success":false,"error":{"message":…}}</c>, whatever the status. A 403 with
/// <c>success:true</c> is a success: its helper for 403 writes the status and returns nothing, so the caller goes on and does what was asked.
/// Throws <see cref="JsonException"/> on a body that no TurboZap answers.
/// </summary>
internal static class TurboZapReader
{
    public static string ErrorOf(JsonElement body) => body.Text("error", "message") ?? "";

    /// <summary>The welcome page has no envelope. With its name: a bare <c>1.0.0</c> would read like an Evolution API 1.x, which sends no headers.</summary>
    public static async Task<string> VersionAsync(Stream body, CancellationToken cancellation)
    {
        using var json = await JsonDocument.ParseAsync(body, default, cancellation);
        return json.RootElement.Text("name") is { Length: > 0 } name && json.RootElement.Text("version") is { Length: > 0 } version
            ? $"{name} {version}"
            : throw new JsonException("no name and version");
    }

    public static async Task<IReadOnlyList<TurboZapInstance>> ListAsync(Stream body, CancellationToken cancellation)
    {
        var data = await DataAsync(body, cancellation);
        // A list that is not there would read as no instances at all.
        return data.At("instances") is { ValueKind: JsonValueKind.Array } instances
            ? [.. instances.EnumerateArray().Select(row => Instance(row) ?? throw new JsonException("an instance without a name"))]
            : throw new JsonException("no instance list");
    }

    public static Func<Stream, CancellationToken, Task<TurboZapInstance?>> Of(string instance) => async (body, cancellation) =>
        Instance(await DataAsync(body, cancellation)) is { } read && read.Name == instance ? read : throw new JsonException("another instance");

    /// <summary>Null when none is configured.</summary>
    public static async Task<WebhookSettings?> WebhookAsync(Stream body, CancellationToken cancellation)
    {
        var data = await DataAsync(body, cancellation);
        if (data.At("configured") is not { } configured) throw new JsonException("no webhook");
        if (configured.ValueKind != JsonValueKind.True) return null;
        var webhook = data.At("webhook") ?? throw new JsonException("no webhook");
        return new(webhook.Truth("enabled") is true, webhook.Text("url") ?? throw new JsonException("no url"), webhook.TextsByName("headers"),
            [.. webhook.Texts("events").Select(Fleet.TurboZapEvents.NameOf)], webhook.Truth("webhook_by_events") is true, webhook.Truth("webhook_base64") is true);
    }

    public static Func<Stream, CancellationToken, Task<TurboZapCode?>> Code(string instance) => async (body, cancellation) =>
    {
        var data = await DataAsync(body, cancellation);
        return data.Text("name") == instance && data.Text("status") is { } status
            ? new TurboZapCode(status, data.Text("code") is { Length: > 0 } code ? code : null)
            : throw new JsonException("no code");
    };

    /// <summary>The id by which WhatsApp knows a message; empty where the answer has none.</summary>
    public static async Task<string> MessageIdAsync(Stream body, CancellationToken cancellation) => (await DataAsync(body, cancellation)).Text("message_id") ?? "";

    public static async Task<bool> DoneAsync(Stream body, CancellationToken cancellation)
    {
        await DataAsync(body, cancellation);
        return true;
    }

    /// <summary>The keys that the list shows of instances: a stock TurboZap shows none.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> KeysAsync(Stream body, CancellationToken cancellation)
    {
        var data = await DataAsync(body, cancellation);
        if (data.At("instances") is not { ValueKind: JsonValueKind.Array } instances) throw new JsonException("no instance list");
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in instances.EnumerateArray())
            if (row.Text("name") is { } name && row.Text("api_key") is { Length: > 0 } key) keys[name] = key;
        return keys;
    }

    private static async Task<JsonElement> DataAsync(Stream body, CancellationToken cancellation)
    {
        using var json = await JsonDocument.ParseAsync(body, default, cancellation);
        return json.RootElement.Truth("success") switch
        {
            true => json.RootElement.At("data")?.Clone() ?? default,
            false => throw new DisguisedErrorException(ErrorOf(json.RootElement) is { Length: > 0 } error ? error : "it says success:false and not why"),
            null => throw new JsonException("no envelope"),
        };
    }

    private static TurboZapInstance? Instance(JsonElement row) =>
        row.Text("name") is { Length: > 0 } name ? new(name, row.Text("id"), row.Text("status"), row.Text("phone_number")) : null;
}
