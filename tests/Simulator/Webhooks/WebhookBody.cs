using System.Text.Json;
using System.Text.Json.Nodes;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.Instances;

namespace WhatsOps.Simulator.Webhooks;

/// <summary>The webhook as requests carry it, nested in v2 and flat in v1.8, and how it becomes the stored one.</summary>
internal static class WebhookBody
{
    // What JavaScript says when webhook.events is missing.
    public const string MissingEvents = "Cannot read properties of undefined (reading 'length')";

    /// <summary>Why a create with this body fails, or null.</summary>
    public static string? Problem(JsonElement body, bool v1)
    {
        if (v1 || body.Member("webhook") is not { } hook || hook.ValueKind is JsonValueKind.Null) return null;
        return hook.Texts("events") is null ? MissingEvents : null;
    }

    /// <summary>The webhook that a create stores. Its mere presence means enabled; neither address nor events are validated.</summary>
    public static WebhookConfig? AtCreate(JsonElement body, Instance instance, Gateway gateway)
    {
        if (gateway.Options.IsV1)
            return body.Text("webhook") is { } url
                ? Upsert(null, instance, gateway, true, url, null, body.Flag("webhook_by_events"), body.Flag("webhook_base64"), body.Texts("events") ?? [])
                : null;
        return body.Member("webhook") is { ValueKind: JsonValueKind.Object } hook
            ? Upsert(null, instance, gateway, true, hook.Text("url") ?? "", Headers(hook), hook.Flag("byEvents"), hook.Flag("base64"), hook.Texts("events"))
            : null;
    }

    /// <summary>Writes the webhook; what is left out of the request keeps its stored value.</summary>
    public static WebhookConfig Upsert(
        WebhookConfig? stored, Instance instance, Gateway gateway, bool enabled, string url, IReadOnlyDictionary<string, string>? headers,
        bool? byEvents, bool? base64, IReadOnlyList<string>? events)
    {
        var now = Json.Iso(gateway.Clock.Now);
        IReadOnlyList<string> kept = !enabled ? [] : events is { Count: > 0 } some ? some : WebhookEvents.Allowed;
        return new WebhookConfig(
            stored?.Id ?? gateway.Random.Cuid(), url, headers ?? stored?.Headers, enabled, kept,
            byEvents ?? stored?.WebhookByEvents ?? false, base64 ?? stored?.WebhookBase64 ?? false, stored?.CreatedAt ?? now, now, instance.Id);
    }

    /// <summary>The webhook part of the answer to create: what was sent, under other names; undefined members are absent.</summary>
    public static JsonObject Echo(JsonElement body)
    {
        var echo = new JsonObject();
        if (body.Member("webhook") is not { ValueKind: JsonValueKind.Object } hook) return echo;
        Copy("url", "webhookUrl");
        Copy("headers", "webhookHeaders");
        Copy("byEvents", "webhookByEvents");
        Copy("base64", "webhookBase64");
        return echo;

        void Copy(string from, string to)
        {
            if (hook.Member(from) is { } value) echo[to] = JsonNode.Parse(value.GetRawText());
        }
    }

    public static Dictionary<string, string>? Headers(JsonElement hook) =>
        hook.Member("headers") is { ValueKind: JsonValueKind.Object } headers
            ? headers.EnumerateObject().ToDictionary(header => header.Name, header => header.Value.ToString(), StringComparer.Ordinal)
            : null;
}
