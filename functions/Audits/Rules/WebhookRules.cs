using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>What of a webhook is not as it should be, and how long silence may last. Secrets are compared and never shown.</summary>
internal static class WebhookRules
{
    /// <summary>Silent for longer is worth a finding.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromHours(24);

    /// <summary>Traffic this long before makes the silence remarkable; an older last event is a dormant line as well.</summary>
    public static readonly TimeSpan RecentTraffic = TimeSpan.FromDays(7);

    /// <param name="real">Null: none is set.</param>
    /// <param name="url">The tenant's address at the receiver.</param>
    /// <param name="secret">Null: the tenant has none yet.</param>
    /// <param name="canHaveHeaders">False on 1.x, which sends webhooks without headers; null when the version is not known: headers that are there prove a 2.x.</param>
    /// <param name="productUrl">The address in the product's own row; null: it has none.</param>
    public static IReadOnlyList<FieldDifference> Differences(
        WebhookSettings? real, string url, IReadOnlyList<string> events, TenantWebhookSecret? secret, bool? canHaveHeaders, string? productUrl)
    {
        var wanted = new WebhookSettings(true, url, new Dictionary<string, string> { [WebhookSettings.SecretHeader] = secret?.Current ?? "" }, events, false, false);
        List<FieldDifference> found = [.. WebhookComparison.Of(real, wanted, secret?.Previous, canHaveHeaders == true || real?.Headers.Count > 0)];
        if (productUrl is not null && productUrl != url) found.Add(new("product.webhook_url", (wanted with { Url = productUrl }).Address, url));
        return found;
    }

    /// <summary>Null: nothing differs. Events that go nowhere or elsewhere are high; the product's own note alone is low.</summary>
    public static Severity? SeverityOf(IReadOnlyList<FieldDifference> differences) => differences switch
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
}
