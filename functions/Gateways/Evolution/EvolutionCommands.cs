namespace WhatsOps.Gateways.Evolution;

/// <summary>The commands that the two dialects word differently.</summary>
internal static class EvolutionCommands
{
    private const string Integration = "WHATSAPP-BAILEYS";

    public static GatewayRequest Create(EvolutionVersion version, NewInstance instance)
    {
        // The mere presence of a webhook enables it, whatever its enabled says: a disabled one is left out.
        var webhook = instance.Webhook is { Enabled: true } enabled ? enabled : null;
        object body = version == EvolutionVersion.V1
            ? new V1Create(instance.Name, Integration, false, webhook?.Url, webhook?.ByEvents, webhook?.Base64, webhook?.Events)
            : new V2Create(instance.Name, Integration, false, webhook is null ? null : V2(webhook));
        return new GatewayRequest("create", HttpMethod.Post, "/instance/create", instance.Name, body);
    }

    public static GatewayRequest SetWebhook(EvolutionVersion version, string instance, WebhookSettings webhook)
    {
        object body = version == EvolutionVersion.V1
            ? new V1Webhook(webhook.Enabled, webhook.Url, webhook.Events, webhook.ByEvents, webhook.Base64)
            : new V2WebhookSet(V2(webhook));
        return new GatewayRequest("set_webhook", HttpMethod.Post, $"/webhook/set/{GatewayRequest.Escape(instance)}", instance, body);
    }

    public static GatewayRequest Restart(EvolutionVersion version, string instance) =>
        new("restart", version == EvolutionVersion.V1 ? HttpMethod.Put : HttpMethod.Post, $"/instance/restart/{GatewayRequest.Escape(instance)}", instance);

    /// <summary>1.x sends webhooks without headers of ours, so a tenant's secret cannot travel: the receiver would refuse every event.</summary>
    public static bool CanCarry(EvolutionVersion version, WebhookSettings? webhook) =>
        version == EvolutionVersion.V2 || webhook is not { Enabled: true, Headers.Count: > 0 };

    // events must be there, even empty (= all): without it 2.x removes the instance it has half made, and webhook/set answers 500.
    private static V2Webhook V2(WebhookSettings webhook) => new(webhook.Enabled, webhook.Url, webhook.ByEvents, webhook.Base64, webhook.Headers, webhook.Events);

    private sealed record V2Create(string InstanceName, string Integration, bool Qrcode, V2Webhook? Webhook);

    private sealed record V2WebhookSet(V2Webhook Webhook);

    private sealed record V2Webhook(bool Enabled, string Url, bool ByEvents, bool Base64, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Events);

    private sealed record V1Create(
        string InstanceName, string Integration, bool Qrcode, string? Webhook,
        [property: System.Text.Json.Serialization.JsonPropertyName("webhook_by_events")] bool? ByEvents,
        [property: System.Text.Json.Serialization.JsonPropertyName("webhook_base64")] bool? Base64,
        IReadOnlyList<string>? Events);

    private sealed record V1Webhook(
        bool Enabled, string Url, IReadOnlyList<string> Events,
        [property: System.Text.Json.Serialization.JsonPropertyName("webhook_by_events")] bool ByEvents,
        [property: System.Text.Json.Serialization.JsonPropertyName("webhook_base64")] bool Base64);
}
