using System.Text.Json;

namespace WhatsOps.Gateways.Evolution;

/// <summary>Reads the small answers, whichever version gave them. Throws <see cref="JsonException"/> on a body that no Evolution API answers.</summary>
internal static class EvolutionReader
{
    public static async Task<JsonElement> JsonAsync(Stream body, CancellationToken cancellation)
    {
        using var json = await JsonDocument.ParseAsync(body, default, cancellation);
        if (EvolutionErrors.IsDisguised(json.RootElement)) throw new DisguisedErrorException(EvolutionErrors.FromBody(json.RootElement));
        return json.RootElement.Clone();
    }

    public static async Task<string> VersionAsync(Stream body, CancellationToken cancellation) =>
        (await JsonAsync(body, cancellation)).Text("version") is { Length: > 0 } version ? version : throw new JsonException("no version");

    public static Func<Stream, CancellationToken, Task<InstanceState>> State(string instance) => async (body, cancellation) =>
        StateOf(await JsonAsync(body, cancellation), instance) ?? throw new JsonException("no instance");

    /// <summary>Null when none is set.</summary>
    public static async Task<WebhookSettings?> WebhookAsync(Stream body, CancellationToken cancellation)
    {
        var json = await JsonAsync(body, cancellation);
        // 200 with the literal null: none is set, or the instance is not loaded.
        if (json.ValueKind == JsonValueKind.Null) return null;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("enabled", out var enabled)) throw new JsonException("no webhook");
        var url = json.Text("url");
        // 1.8 answers a default of empty fields instead of null.
        if (string.IsNullOrEmpty(url)) return null;
        return new WebhookSettings(enabled.ValueKind == JsonValueKind.True, url, json.TextsByName("headers"), json.Texts("events"),
            json.Truth("webhookByEvents") is true || json.Truth("webhook_by_events") is true, json.Truth("webhookBase64") is true || json.Truth("webhook_base64") is true);
    }

    public static Func<Stream, CancellationToken, Task<PairingCode>> Pairing(string instance) => async (body, cancellation) =>
    {
        var json = await JsonAsync(body, cancellation);
        if (json.ValueKind != JsonValueKind.Object) throw new JsonException("no object");
        // Open: the state instead of a code. Fields are absent while there is no QR yet ({"count":0}).
        if (json.TryGetProperty("instance", out _)) return new PairingCode(null, null, StateOf(json, instance) ?? throw new JsonException("another instance"));
        if (!IsQr(json)) throw new JsonException("no code");
        return new PairingCode(json.Text("code"), json.Text("pairingCode"), InstanceState.Connecting)
        {
            Count = json.TryGetProperty("count", out var count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out var number) ? number : null,
        };
    };

    /// <summary>Checks that a create answered for the name that was asked; the token in <c>hash</c> is not kept.</summary>
    public static Func<Stream, CancellationToken, Task<bool>> Created(string instance) => async (body, cancellation) =>
        await CheckedAsync(body, json => json.TryGetProperty("instance", out var created) && created.Text("instanceName") == instance, cancellation);

    /// <summary>logout and delete: <c>{"status":"SUCCESS","error":false,…}</c>.</summary>
    public static Task<bool> SucceededAsync(Stream body, CancellationToken cancellation) => CheckedAsync(body, json => json.Text("status") == "SUCCESS", cancellation);

    /// <summary>restart: as connect in 2.x, as connectionState in 1.x.</summary>
    public static Task<bool> RestartedAsync(Stream body, CancellationToken cancellation) => CheckedAsync(body, json => IsQr(json) || json.TryGetProperty("instance", out _), cancellation);

    /// <summary>webhook/set: the stored row in 2.x, <c>{"webhook":…}</c> in 1.x.</summary>
    public static Task<bool> WebhookSetAsync(Stream body, CancellationToken cancellation) => CheckedAsync(body, json => json.Text("url") is not null || json.TryGetProperty("webhook", out _), cancellation);

    public static InstanceState ToState(string? word) => word switch
    {
        "open" => InstanceState.Open,
        "connecting" => InstanceState.Connecting,
        "close" or "closed" => InstanceState.Close,
        "refused" => InstanceState.Refused,
        // A row in the gateway's database that is not loaded has no state at all: that is not close.
        null => InstanceState.NotLoaded,
        _ => InstanceState.Unknown,
    };

    // A success in a shape that no Evolution gives is somebody else's success.
    private static async Task<bool> CheckedAsync(Stream body, Func<JsonElement, bool> fits, CancellationToken cancellation)
    {
        var json = await JsonAsync(body, cancellation);
        return json.ValueKind == JsonValueKind.Object && fits(json) ? true : throw new JsonException("another shape");
    }

    private static bool IsQr(JsonElement json) => json.TryGetProperty("count", out _) || json.TryGetProperty("code", out _) || json.TryGetProperty("pairingCode", out _);

    /// <summary>Null when the answer is not about this instance.</summary>
    private static InstanceState? StateOf(JsonElement json, string instance) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("instance", out var inner) && inner.ValueKind == JsonValueKind.Object
            && (inner.Text("instanceName") ?? instance) == instance
            ? ToState(inner.Text("state"))
            : null;
}
