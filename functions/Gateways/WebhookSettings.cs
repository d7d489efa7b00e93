namespace WhatsOps.Gateways;

/// <summary>Where a gateway sends an instance's events. Headers carry the tenant's secret: never print them.</summary>
public sealed record WebhookSettings(bool Enabled, string Url, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Events, bool ByEvents, bool Base64)
{
    public override string ToString() => $"{(Enabled ? "enabled" : "disabled")} {Url} ({Events.Count} events)";
}
