using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Delivery;

public sealed class DeliveryRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly FleetSystem Shop = new()
    {
        Name = "shop", Kind = "evolution", Webhook = new() { DeliverTo = "https://app.example.com", DeliverySecret = "${env:S}" }, Thresholds = new() { DeliveryLagMinutes = 5 },
    };

    [Theory]
    [InlineData(5 * 60, null)]
    [InlineData((5 * 60) + 1, Severity.Medium)]
    [InlineData(30 * 60, Severity.Medium)]
    [InlineData((30 * 60) + 1, Severity.High)]
    public void The_age_of_the_oldest_event_is_the_lag(int seconds, Severity? severity)
    {
        var seen = DeliveryRules.Apply(Shop, new(3, [new("acme", Now.AddSeconds(-seconds), 0, ["HTTP 503"]), new("blue", Now.AddSeconds(-1), 0, ["HTTP 500"])]), Now);

        Assert.Equal(severity, seen.SingleOrDefault()?.Severity);
        if (severity is null) return;
        Assert.Equal(("delivery_lagging", "delivery", "shop", "acme", "HTTP 503", "3"), (seen[0].Kind, seen[0].Check, seen[0].System, seen[0].Evidence["tenants"], seen[0].Evidence["answers"], seen[0].Evidence["waiting"]));
        Assert.Contains("HTTP 503", seen[0].Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Dead_letters_are_told_with_the_answers_that_killed_them()
    {
        var seen = DeliveryRules.Apply(Shop, new(0, [new("acme", null, 2, ["HTTP 410", "HTTP 500"]), new("blue", null, 1, ["no answer within 15 s"]), new("calm", null, 0, [])]), Now);

        var finding = Assert.Single(seen);
        Assert.Equal(("delivery_dead_letters", Severity.High, "3", "acme, blue"), (finding.Kind, finding.Severity, finding.Evidence["dead"], finding.Evidence["tenants"]));
        Assert.Contains("HTTP 410; HTTP 500; no answer within 15 s", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_for_a_system_that_forwards_no_more_is_told_as_that()
    {
        var seen = DeliveryRules.Apply(Shop with { Webhook = new() { DeliverTo = "none" } }, new(1, [new("acme", Now.AddHours(-3), 0, [])]), Now);

        Assert.Contains("deliverTo is no address any more", Assert.Single(seen).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_owed_is_nothing_wrong() => Assert.Empty(DeliveryRules.Apply(Shop, new(0, []), Now));
}
