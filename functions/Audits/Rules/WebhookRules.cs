using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>What of a webhook is not as it should be, and how long silence may last. Secrets are compared and never shown.</summary>
internal static class WebhookRules
{
    private const string Secret = "the tenant's current secret";

    /// <summary>Silent for longer is worth a finding.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromHours(24);

    /// <summary>Traffic this long before makes the silence remarkable; an older last event is a dormant line as well.</summary>
    public static readonly TimeSpan RecentTraffic = TimeSpan.FromDays(7);

    /// <param name="real">Null: none is set.</param>
    /// <param name="productUrl">The address in the product's own row; null: it has none.</param>
    public static IReadOnlyList<AuditDifference> Differences(WebhookSettings? real, DesiredWebhook desired, string? productUrl)
    {
        var found = new List<AuditDifference>();
        if (real is null) found.Add(new("webhook", "none is set", "set"));
        else
        {
            if (!real.Enabled) found.Add(new("enabled", "false", "true"));
            if (real.Url != desired.Url) found.Add(new("url", real.Address, desired.Url));
            if (!real.Events.ToHashSet(StringComparer.Ordinal).SetEquals(desired.Events)) found.Add(new("events", Events(real.Events), Events(desired.Events)));
            if (real.ByEvents) found.Add(new("byEvents", "true", "false"));
            if (real.Base64) found.Add(new("base64", "true", "false"));
            // Headers that are there prove a 2.x; without any, an unknown version may be a 1.x.
            if (desired.CanHaveHeaders == true || real.Headers.Count > 0) Proof(real.Headers, desired.Secret, found);
        }

        if (productUrl is not null && productUrl != desired.Url)
            found.Add(new("product.webhook_url", new WebhookSettings(true, productUrl, new Dictionary<string, string>(), [], false, false).Address, desired.Url));
        return found;
    }

    /// <summary>Null: nothing differs. Events that go nowhere or elsewhere are high; the product's own note alone is low.</summary>
    public static Severity? SeverityOf(IReadOnlyList<AuditDifference> differences) => differences switch
    {
        [] => null,
        _ when differences.Any(difference => difference.Field is "webhook" or "enabled" or "url") => Severity.High,
        _ when differences.All(difference => difference.Field == "product.webhook_url") => Severity.Low,
        _ => Severity.Medium,
    };

    /// <summary>Null: heard of lately, or never, so that silence says nothing.</summary>
    public static Severity? SilenceOf(DateTimeOffset? lastEvent, DateTimeOffset now) => lastEvent is not { } last || now - last <= Silence
        ? null
        : now - last <= Silence + RecentTraffic ? Severity.Medium : Severity.Low;

    private static void Proof(IReadOnlyDictionary<string, string> headers, TenantWebhookSecret? secret, List<AuditDifference> found)
    {
        var sent = headers.GetValueOrDefault(DesiredWebhook.SecretHeader) ?? headers.GetValueOrDefault(DesiredWebhook.JwtHeader);
        if (sent is null) found.Add(new($"headers.{DesiredWebhook.SecretHeader}", "missing", Secret));
        else if (secret is null) found.Add(new($"headers.{DesiredWebhook.SecretHeader}", "a value, but the tenant has no secret yet", Secret));
        else if (sent == secret.Previous) found.Add(new($"headers.{DesiredWebhook.SecretHeader}", "the tenant's previous secret", Secret));
        else if (sent != secret.Current) found.Add(new($"headers.{DesiredWebhook.SecretHeader}", "another value", Secret));
    }

    private static string Events(IReadOnlyList<string> events) => events.Count == 0 ? "every event" : string.Join(", ", events.Order(StringComparer.Ordinal));
}
