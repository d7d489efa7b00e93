namespace WhatsOps.Simulator.Webhooks;

/// <summary>The stored webhook, in the shape of webhook/find: other names than in the request.</summary>
internal sealed record WebhookConfig(
    string Id,
    string Url,
    IReadOnlyDictionary<string, string>? Headers,
    bool Enabled,
    IReadOnlyList<string> Events,
    bool WebhookByEvents,
    bool WebhookBase64,
    string CreatedAt,
    string UpdatedAt,
    string InstanceId)
{
    public bool Wants(string upperSnake) => Enabled && Events.Contains(upperSnake, StringComparer.Ordinal);
}
