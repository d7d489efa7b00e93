using System.Text.Json;

namespace WhatsOps.Gateways.TurboZap;

/// <summary>
/// Reads TurboZap's answers: <c>{"success":true,"data":…}</c> or <c>{"success":false,"error":{"message":…}}</c>, whatever the status. A 403 with
/// <c>success:true</c> is a success: its helper for 403 writes the status and returns nothing, so the caller goes on and does what was asked.
/// Throws <see cref="JsonException"/> on a body that no TurboZap answers.
/// </summary>
internal static class TurboZapReader
{
    public static string ErrorOf(JsonElement body) => Text(Member(body, "error"), "message") ?? "";

    /// <summary>The welcome page has no envelope. With its name: a bare <c>1.0.0</c> would read like an Evolution API 1.x, which sends no headers.</summary>
    public static async Task<string> VersionAsync(Stream body, CancellationToken cancellation)
    {
        using var json = await JsonDocument.ParseAsync(body, default, cancellation);
        return Text(json.RootElement, "name") is { Length: > 0 } name && Text(json.RootElement, "version") is { Length: > 0 } version
            ? $"{name} {version}"
            : throw new JsonException("no name and version");
    }

    public static async Task<IReadOnlyList<TurboZapInstance>> ListAsync(Stream body, CancellationToken cancellation)
    {
        var data = await DataAsync(body, cancellation);
        // A list that is not there would read as no instances at all.
        return Member(data, "instances") is { ValueKind: JsonValueKind.Array } instances
            ? [.. instances.EnumerateArray().Select(row => Instance(row) ?? throw new JsonException("an instance without a name"))]
            : throw new JsonException("no instance list");
    }

    public static Func<Stream, CancellationToken, Task<TurboZapInstance?>> Of(string instance) => async (body, cancellation) =>
        Instance(await DataAsync(body, cancellation)) is { } read && read.Name == instance ? read : throw new JsonException("another instance");

    /// <summary>Null when none is configured.</summary>
    public static async Task<WebhookSettings?> WebhookAsync(Stream body, CancellationToken cancellation)
    {
        var data = await DataAsync(body, cancellation);
        if (Member(data, "configured") is not { } configured) throw new JsonException("no webhook");
        if (configured.ValueKind != JsonValueKind.True) return null;
        var webhook = Member(data, "webhook") ?? throw new JsonException("no webhook");
        return new(Flag(webhook, "enabled"), Text(webhook, "url") ?? throw new JsonException("no url"), Headers(webhook), Events(webhook),
            Flag(webhook, "webhook_by_events"), Flag(webhook, "webhook_base64"));
    }

    public static Func<Stream, CancellationToken, Task<TurboZapCode?>> Code(string instance) => async (body, cancellation) =>
    {
        var data = await DataAsync(body, cancellation);
        return Text(data, "name") == instance && Text(data, "status") is { } status
            ? new TurboZapCode(status, Text(data, "code") is { Length: > 0 } code ? code : null)
            : throw new JsonException("no code");
    };

    /// <summary>The id by which WhatsApp knows a message; empty where the answer has none.</summary>
    public static async Task<string> MessageIdAsync(Stream body, CancellationToken cancellation) => Text(await DataAsync(body, cancellation), "message_id") ?? "";

    public static async Task<bool> DoneAsync(Stream body, CancellationToken cancellation)
    {
        await DataAsync(body, cancellation);
        return true;
    }

    /// <summary>The keys that the list shows of instances: a stock TurboZap shows none.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> KeysAsync(Stream body, CancellationToken cancellation)
    {
        var data = await DataAsync(body, cancellation);
        if (Member(data, "instances") is not { ValueKind: JsonValueKind.Array } instances) throw new JsonException("no instance list");
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in instances.EnumerateArray())
            if (Text(row, "name") is { } name && Text(row, "api_key") is { Length: > 0 } key) keys[name] = key;
        return keys;
    }

    private static async Task<JsonElement> DataAsync(Stream body, CancellationToken cancellation)
    {
        using var json = await JsonDocument.ParseAsync(body, default, cancellation);
        return Member(json.RootElement, "success") switch
        {
            { ValueKind: JsonValueKind.True } => Member(json.RootElement, "data")?.Clone() ?? default,
            { ValueKind: JsonValueKind.False } => throw new DisguisedErrorException(ErrorOf(json.RootElement) is { Length: > 0 } error ? error : "it says success:false and not why"),
            _ => throw new JsonException("no envelope"),
        };
    }

    private static TurboZapInstance? Instance(JsonElement row) =>
        Text(row, "name") is { Length: > 0 } name ? new(name, Text(row, "id"), Text(row, "status"), Text(row, "phone_number")) : null;

    private static Dictionary<string, string> Headers(JsonElement webhook)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (Member(webhook, "headers") is not { ValueKind: JsonValueKind.Object } set) return headers;
        foreach (var header in set.EnumerateObject())
            if (header.Value.ValueKind == JsonValueKind.String) headers[header.Name] = header.Value.GetString()!;
        return headers;
    }

    private static string[] Events(JsonElement webhook) => Member(webhook, "events") is { ValueKind: JsonValueKind.Array } events
        ? [.. events.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => Fleet.TurboZapEvents.NameOf(item.GetString()!))]
        : [];

    private static bool Flag(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.True };

    private static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } known && known.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
