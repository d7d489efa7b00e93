using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Tests.Unit.Health;

public sealed class GatewayRulesTests
{
    private static readonly GatewayEndpoint Endpoint = new() { Name = "g1", Url = "http://g1", ApiKey = "${env:KEY}" };

    [Theory]
    [InlineData(2, 10, 0)] // too few, whatever the share
    [InlineData(3, 11, 0)] // 27 %
    [InlineData(3, 10, 3)] // 30 %
    [InlineData(29, 100, 0)]
    [InlineData(30, 100, 30)]
    public void K_of_n_at_once_is_one_incident(int down, int all, int incident) =>
        Assert.Equal(incident, CorrelatedFailure.Of(Instances(down, all, _ => 5), new SystemThresholds()).Count);

    [Fact]
    public void Failures_of_different_hours_are_different_failures()
    {
        Assert.Empty(CorrelatedFailure.Of(Instances(6, 10, i => 5 + (16 * i)), new SystemThresholds()));
        Assert.Equal(4, CorrelatedFailure.Of(Instances(6, 10, i => i < 4 ? 5 + (5 * i) : 600 * i), new SystemThresholds()).Count);
    }

    [Fact]
    public void Instances_never_seen_open_do_not_fall()
    {
        var never = Enumerable.Range(0, 10).Select(i => Facts.Of(null, slug: $"t{i}")).ToArray();
        Assert.Empty(CorrelatedFailure.Of(never, new SystemThresholds()));
    }

    [Fact]
    public void A_list_that_cannot_tell_who_lives_is_a_finding_and_never_healthy()
    {
        var list = new Observation<IReadOnlyList<InstanceSnapshot>>(Outcome.Seen, [Facts.Listed(InstanceState.Paired)], "the fleet file names no gateways[].database for it", Facts.Now, TimeSpan.Zero);
        var view = new GatewayView(Endpoint, null, new(Outcome.Seen, new GatewayHealth("TurboZap API 1.0.0"), null, Facts.Now, TimeSpan.Zero), list, 2, null) { Kind = SystemKinds.TurboZap };
        var finding = Judge(view, 1, [])!;
        Assert.Equal(("gateway_liveness_unknown", Severity.Medium, null), (finding.Kind, finding.Severity, finding.Remedy));
        Assert.Contains("gateways[].database", finding.Cause, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, GatewayRules.Report(view, finding, 2).Status);
    }

    [Fact]
    public void A_correlated_failure_is_critical_and_names_the_tenants()
    {
        var fallen = CorrelatedFailure.Of(Instances(3, 4, _ => 5), new SystemThresholds());
        var finding = Judge(View(), 4, fallen)!;
        Assert.Equal(("gateway_degraded", Severity.Critical, "wait-for-stability"), (finding.Kind, finding.Severity, finding.Remedy));
        Assert.Equal("t0, t1, t2", finding.Evidence["tenants"]);
    }

    [Theory]
    [InlineData(0, Severity.High)]
    [InlineData(1, Severity.Critical)]
    [Capability("R-090")]
    public void A_dead_gateway_is_critical_when_tenants_are_behind_it(int tenants, Severity severity)
    {
        var finding = Judge(View(list: Outcome.Unreachable, probe: Outcome.Unreachable), tenants)!;
        Assert.Equal(("gateway_unreachable", severity), (finding.Kind, finding.Severity));
        Assert.Contains("does not answer", finding.Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_key_comes_before_everything_else()
    {
        Assert.Equal("gateway_unauthorized", Judge(View(list: Outcome.Unauthorized, probe: Outcome.Unreachable), 5)!.Kind);
        Assert.Equal("gateway_unauthorized", Judge(new GatewayView(Endpoint, null, null, null, 0, "The reference has no value."), 5)!.Kind);
    }

    [Fact]
    public void A_failing_welcome_page_alone_is_only_degraded()
    {
        var finding = Judge(View(probe: Outcome.Unreachable), 5)!;
        Assert.Equal(("gateway_degraded", Severity.Medium), (finding.Kind, finding.Severity));
        Assert.Equal(HealthStatus.Degraded, GatewayRules.Report(View(), finding, 2).Status);
    }

    [Fact]
    public void A_gateway_that_does_not_answer_about_its_instances_is_one_incident_that_names_their_tenants()
    {
        InstanceFacts[] judged = [Facts.Of(Facts.Listed(slug: "t0"), outcome: Outcome.Unreachable, slug: "t0"), Facts.Of(Facts.Listed(slug: "t1"), slug: "t1") with { IsSpared = true }, Facts.Of(Facts.Listed(slug: "t2"), Facts.Known(slug: "t2"), slug: "t2")];
        var finding = Judge(View(), 3, judged: judged)!;
        Assert.Equal(("gateway_degraded", Severity.Critical, "t0, t1"), (finding.Kind, finding.Severity, finding.Evidence["tenants"]));
        Assert.Equal(("1", "1"), (finding.Evidence["unanswered"], finding.Evidence["not_looked_at"]));
        Assert.True(judged[1].IsUnconfirmed);
    }

    [Fact]
    [Capability("R-090")]
    public void A_gateway_that_answers_is_healthy() => Assert.Null(Judge(View(), 5));

    [Fact]
    public void A_gateway_cut_off_by_the_deadline_is_unknown_not_healthy() =>
        Assert.Equal(HealthStatus.Unknown, GatewayRules.Report(new GatewayView(Endpoint, null, null, null, 1, null), null, 1).Status);

    private static ObservedFinding? Judge(GatewayView view, int tenants, IReadOnlyList<InstanceFacts>? fallen = null, IReadOnlyList<InstanceFacts>? judged = null) =>
        GatewayRules.Judge("revalya", view, [.. Enumerable.Range(0, tenants).Select(i => $"t{i}")], fallen ?? [], judged ?? [.. Enumerable.Range(0, tenants).Select(i => Facts.Of(Facts.Listed(slug: $"t{i}"), slug: $"t{i}"))]);

    private static GatewayView View(Outcome list = Outcome.Seen, Outcome probe = Outcome.Seen) => new(
        Endpoint, null, new(probe, new GatewayHealth("2.3.6"), "timed out", Facts.Now, TimeSpan.Zero), new(list, [], "timed out", Facts.Now, TimeSpan.Zero), 2, null);

    private static InstanceFacts[] Instances(int down, int all, Func<int, double> lastOpenMinutesAgo) =>
    [
        .. Enumerable.Range(0, all).Select(i => i < down
            ? Facts.Of(null, Facts.Known(slug: $"t{i}", lastSeenOpen: Facts.Now.AddMinutes(-lastOpenMinutesAgo(i))), outcome: Outcome.Absent, slug: $"t{i}")
            : Facts.Of(Facts.Listed(slug: $"t{i}"), Facts.Known(slug: $"t{i}"), slug: $"t{i}"))
    ];
}
