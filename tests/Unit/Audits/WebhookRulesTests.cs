using WhatsOps.Audits;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Tests.Unit.Audits;

public sealed class WebhookRulesTests
{
    private const string Url = "https://ops.example.com/api/whatsapp/webhook/acme";
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 11, 0, 0, TimeSpan.Zero);
    private static readonly string[] Events = ["CONNECTION_UPDATE", "QRCODE_UPDATED"];
    private static readonly TenantWebhookSecret Secret = new("revalya", "acme", "current-secret", "previous-secret");

    [Fact]
    public void As_it_should_be_nothing_differs_whatever_the_order_of_the_events()
    {
        Assert.Empty(Compare(Real()));
        Assert.Empty(Compare(Real() with { Events = ["QRCODE_UPDATED", "CONNECTION_UPDATE"] }));
        Assert.Null(WebhookRules.SeverityOf([]));
    }

    [Fact]
    public void A_webhook_that_leads_nowhere_or_elsewhere_is_high()
    {
        Assert.Equal((Severity.High, "webhook"), Judge(null));
        Assert.Equal((Severity.High, "enabled"), Judge(Real() with { Enabled = false }));
        Assert.Equal((Severity.High, "url"), Judge(Real() with { Url = Url + "2" }));
    }

    [Fact]
    public void What_loses_less_is_medium()
    {
        Assert.Equal((Severity.Medium, "events"), Judge(Real() with { Events = ["CONNECTION_UPDATE"] }));
        Assert.Equal((Severity.Medium, "events"), Judge(Real() with { Events = [] }));
        Assert.Equal((Severity.Medium, "byEvents"), Judge(Real() with { ByEvents = true }));
        Assert.Equal((Severity.Medium, "base64"), Judge(Real() with { Base64 = true }));
        Assert.Equal((Severity.Medium, "headers.x-whatsops-secret"), Judge(Real() with { Headers = new Dictionary<string, string> { ["x-tenant"] = "acme" } }));
        Assert.Equal((Severity.Low, "product.webhook_url"), Judge(Real(), "https://old.example.com/hook"));
        Assert.Equal(Severity.High, WebhookRules.SeverityOf(Compare(Real() with { Enabled = false, ByEvents = true })));
    }

    [Theory]
    [InlineData("x-whatsops-secret", "current-secret", null)]
    [InlineData("jwt_key", "current-secret", null)]
    [InlineData("x-whatsops-secret", "previous-secret", "the tenant's previous secret")]
    [InlineData("x-whatsops-secret", "stolen", "another value")]
    public void The_secret_is_compared_and_never_shown(string header, string value, string? expected)
    {
        var differences = Compare(Real() with { Headers = new Dictionary<string, string> { [header] = value } });
        Assert.Equal(expected, differences.SingleOrDefault()?.Is);
        Assert.DoesNotContain(differences, difference => difference.ToString().Contains(value, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_known_version_missing_headers_are_not_held_against_it_and_1_x_has_none()
    {
        var bare = Real() with { Headers = new Dictionary<string, string>() };
        Assert.Empty(WebhookRules.Differences(bare, Url, Events, Secret, null, null));
        Assert.Empty(WebhookRules.Differences(bare, Url, Events, Secret, false, null));
        Assert.Single(WebhookRules.Differences(bare, Url, Events, Secret, true, null));
    }

    [Fact]
    public void A_key_in_the_query_of_an_address_is_not_shown() =>
        Assert.Equal("https://other.example.com/hook?…", Assert.Single(Compare(Real() with { Url = "https://other.example.com/hook?code=planted" })).Is);

    [Theory]
    [InlineData(24, null)]
    [InlineData(24.01, "Medium")]
    [InlineData(192, "Medium")]
    [InlineData(192.01, "Low")]
    public void Silence_begins_after_24_hours_and_is_dormancy_after_seven_more_days(double hours, string? expected) =>
        Assert.Equal(expected, WebhookRules.SilenceOf(Now.AddHours(-hours), Now)?.ToString());

    [Fact]
    public void Who_was_never_heard_of_is_not_called_silent() => Assert.Null(WebhookRules.SilenceOf(null, Now));

    private static WebhookSettings Real() => new(true, Url, new Dictionary<string, string> { ["x-whatsops-secret"] = "current-secret" }, Events, false, false);

    private static IReadOnlyList<FieldDifference> Compare(WebhookSettings? real, string? productUrl = null) => WebhookRules.Differences(real, Url, Events, Secret, true, productUrl);

    private static (Severity?, string) Judge(WebhookSettings? real, string? productUrl = null)
    {
        var differences = Compare(real, productUrl);
        return (WebhookRules.SeverityOf(differences), Assert.Single(differences).Field);
    }
}
