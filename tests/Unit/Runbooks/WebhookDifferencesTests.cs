using WhatsOps.Gateways;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Runbooks;

public sealed class WebhookDifferencesTests
{
    private static readonly WebhookSettings Wanted = new(true, "https://ops.example.com/hook", new Dictionary<string, string> { ["x-whatsops-secret"] = "s3cret" }, ["A", "B"], false, false);

    [Fact]
    public void The_same_differs_in_nothing_whatever_the_order_and_whatever_headers_are_beside() => Assert.Empty(WebhookDifferences.Of(
        Wanted with { Events = ["B", "A"], Headers = new Dictionary<string, string> { ["x-whatsops-secret"] = "s3cret", ["x-other"] = "1" } }, Wanted));

    [Fact]
    public void None_is_one_difference() => Assert.StartsWith("none is set", Assert.Single(WebhookDifferences.Of(null, Wanted)), StringComparison.Ordinal);

    [Fact, Capability("R-043")]
    public void Every_difference_is_told_and_no_secret()
    {
        var now = new WebhookSettings(false, "https://old.example.com/hook?code=k3y", new Dictionary<string, string> { ["x-whatsops-secret"] = "0ther" }, ["B", "C"], true, true);
        Assert.Equal(
            [
                "disabled → enabled", "URL https://old.example.com/hook?… → https://ops.example.com/hook", "events +A, -C", "header x-whatsops-secret has another value",
                "byEvents on → off", "base64 on → off",
            ],
            WebhookDifferences.Of(now, Wanted));
        Assert.Equal(["header x-whatsops-secret is missing"], WebhookDifferences.Of(Wanted with { Headers = new Dictionary<string, string>() }, Wanted));
    }

    [Fact]
    public void No_events_mean_all_of_them_to_Evolution() => Assert.Equal(["all events → A, B"], WebhookDifferences.Of(Wanted with { Events = [] }, Wanted));
}
