using WhatsOps.Gateways;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Unit.Gateways;

public sealed class WebhookComparisonTests
{
    private static readonly WebhookSettings Wanted = new(true, "https://ops.example.com/hook", new Dictionary<string, string> { ["x-whatsops-secret"] = "s3cret" }, ["A", "B"], false, false);

    [Fact]
    public void The_same_differs_in_nothing_whatever_the_order_and_whatever_headers_are_beside() => Assert.Empty(WebhookComparison.Of(
        Wanted with { Events = ["B", "A"], Headers = new Dictionary<string, string> { ["x-whatsops-secret"] = "s3cret", ["x-other"] = "1" } }, Wanted));

    [Fact]
    public void None_is_one_difference() => Assert.Equal("webhook: none is set → enabled https://ops.example.com/hook (2 events)", Assert.Single(WebhookComparison.Of(null, Wanted)).ToString());

    [Fact, Capability("R-043")]
    public void Every_difference_is_told_and_no_secret()
    {
        var now = new WebhookSettings(false, "https://old.example.com/hook?code=k3y", new Dictionary<string, string> { ["x-whatsops-secret"] = "0ther" }, ["B", "C"], true, true);
        Assert.Equal(
            [
                "enabled: false → true", "url: https://old.example.com/hook?… → https://ops.example.com/hook", "events: B, C → A, B", "byEvents: true → false", "base64: true → false",
                "headers.x-whatsops-secret: another value → the tenant's current secret",
            ],
            Words(now));
        Assert.Equal(["headers.x-whatsops-secret: missing → the tenant's current secret"], Words(Wanted with { Headers = new Dictionary<string, string>() }));
    }

    [Fact]
    public void No_events_mean_all_of_them_to_Evolution() => Assert.Equal(["events: every event → A, B"], Words(Wanted with { Events = [] }));

    [Fact]
    public void The_secret_may_travel_as_a_signed_token_and_the_one_before_a_rotation_is_told_apart()
    {
        Assert.Empty(Words(Wanted with { Headers = new Dictionary<string, string> { ["jwt_key"] = "s3cret" } }));
        var before = Wanted with { Headers = new Dictionary<string, string> { ["x-whatsops-secret"] = "0ld" } };
        Assert.Equal("the tenant's previous secret", Assert.Single(WebhookComparison.Of(before, Wanted, "0ld")).Is);
        Assert.Empty(WebhookComparison.Of(before, Wanted, "0ld", withHeaders: false));
    }

    [Fact]
    public void A_tenant_without_a_secret_matches_no_header()
    {
        var none = Wanted with { Headers = new Dictionary<string, string> { ["x-whatsops-secret"] = "" } };
        Assert.Equal("a value, but the tenant has no secret yet", Assert.Single(WebhookComparison.Of(Wanted, none)).Is);
        Assert.Equal("missing", Assert.Single(WebhookComparison.Of(Wanted with { Headers = new Dictionary<string, string>() }, none)).Is);
    }

    [Fact]
    public void Another_header_is_compared_by_itself()
    {
        var kept = Wanted with { Headers = new Dictionary<string, string> { ["authorization"] = "Bearer k3y" } };
        Assert.Equal("headers.authorization: missing → its own value", Assert.Single(WebhookComparison.Of(Wanted, kept)).ToString());
    }

    private static IEnumerable<string> Words(WebhookSettings now) => WebhookComparison.Of(now, Wanted).Select(difference => difference.ToString());
}
