using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>The webhook of one instance as its gateway tells it.</summary>
/// <param name="IsLoaded">False: the gateway has the instance in its database only, and then answers as if there were no webhook.</param>
internal sealed record WebhookLook(string Instance, Observation<WebhookSettings> Webhook, bool IsLoaded)
{
    public bool IsKnown => Webhook.Outcome == Outcome.Seen || (Webhook.Outcome == Outcome.Absent && IsLoaded);
}
