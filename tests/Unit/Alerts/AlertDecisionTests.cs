using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Alerts;

public sealed class AlertDecisionTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Cooldown = TimeSpan.FromMinutes(60);

    [Fact]
    public void A_new_finding_is_told_at_once() => Assert.Equal(new(AlertEvent.Opened, Now + Cooldown), Decide(Finding()));

    [Theory]
    [InlineData(Severity.Low, Severity.Medium, false)]
    [InlineData(Severity.Medium, Severity.Medium, true)]
    public void Only_from_the_routes_least_severity_on(Severity severity, Severity least, bool told) =>
        Assert.Equal(told, Decide(Finding(severity), least: least).Tell is not null);

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public void An_open_finding_is_told_again_after_the_cooldown(int minutesAgo, bool told)
    {
        var decision = Decide(Finding(), Told(minutesAgo));
        Assert.Equal(told ? AlertEvent.StillOpen : null, decision.Tell);
        Assert.Equal(told ? Now + Cooldown : Now.AddMinutes(1), decision.LookAgain);
    }

    [Fact]
    public void Worse_does_not_wait_for_the_cooldown() => Assert.Equal(AlertEvent.Worsened, Decide(Finding(Severity.Critical), Told(1)).Tell);

    [Fact]
    public void Flapping_is_told_once_per_cooldown()
    {
        Assert.Equal(new(null, Now.AddMinutes(55)), Decide(Finding(), Told(5, recovered: true)));
        Assert.Equal(AlertEvent.Opened, Decide(Finding(), Told(60, recovered: true)).Tell);
    }

    [Fact]
    public void Recovery_is_told_once_and_only_to_who_was_told()
    {
        var closed = Finding(state: FindingState.Closed);
        Assert.Equal(AlertEvent.Recovered, Decide(closed, Told(5)).Tell);
        Assert.Null(Decide(closed, Told(5, recovered: true)).Tell);
        Assert.Null(Decide(closed).Tell);
    }

    [Theory]
    [InlineData(Severity.Low, AlertEvent.Recovered)]
    [InlineData(Severity.Medium, null)]
    public void A_place_with_another_finding_has_not_recovered(Severity elsewhere, object? tell) =>
        Assert.Equal(tell, (object?)Decide(Finding(state: FindingState.Closed), Told(5), elsewhere: elsewhere).Tell);

    [Fact]
    public void Acknowledged_is_quiet_until_it_gets_worse()
    {
        var acknowledged = Finding(state: FindingState.Acknowledged);
        Assert.Null(Decide(acknowledged, Told(600), acknowledgedAt: Severity.High).Tell);
        Assert.Equal(AlertEvent.Worsened, Decide(Finding(Severity.Critical, FindingState.Acknowledged), Told(600), acknowledgedAt: Severity.High).Tell);
        Assert.Null(Decide(acknowledged, acknowledgedAt: Severity.High).Tell);
        Assert.Equal(AlertEvent.Worsened, Decide(Finding(Severity.Critical, FindingState.Acknowledged), acknowledgedAt: Severity.High).Tell);
    }

    [Fact]
    public void Accepted_is_quiet_however_bad() => Assert.Null(Decide(Finding(Severity.Critical, FindingState.Accepted), Told(600)).Tell);

    [Fact]
    public void Silenced_is_looked_at_again_when_the_silence_ends() =>
        Assert.Equal(new(null, Now.AddMinutes(30)), Decide(Finding(Severity.Critical, FindingState.Silenced, Now.AddMinutes(30)), Told(600)));

    [Fact]
    public void Maintenance_and_a_gateway_incident_hold_back_and_do_not_forget()
    {
        Assert.Equal(new(null, Now.AddMinutes(1)), Decide(Finding(), maintenance: true));
        Assert.Equal(new(null, Now.AddMinutes(1)), Decide(Finding(state: FindingState.Closed), Told(5), maintenance: true));
        Assert.Equal(new(null, Now.AddMinutes(1)), Decide(Finding(), inhibited: true));
    }

    [Fact]
    public void A_route_of_escalations_hears_nothing_but_the_end_of_what_it_was_told()
    {
        var route = new AlertRoute { Name = "management", Kind = "log", EscalationOnly = true };
        Assert.Equal(new(null), AlertDecision.Of(Candidate(Finding(Severity.Critical)), route, null, Cooldown, Now));
        Assert.Equal(AlertEvent.Recovered, AlertDecision.Of(Candidate(Finding(state: FindingState.Closed)), route, Told(5), Cooldown, Now).Tell);
    }

    [Fact]
    public void Whoever_was_told_is_told_the_end_even_when_the_route_would_not_want_it_by_now() =>
        Assert.Equal(AlertEvent.Recovered, Decide(Finding(Severity.Low, FindingState.Closed), Told(5)).Tell);

    private static AlertDecision Decide(
        Finding finding, AlertNote? note = null, Severity least = Severity.Medium, bool maintenance = false, bool inhibited = false, Severity? elsewhere = null, Severity? acknowledgedAt = null) =>
        AlertDecision.Of(
            Candidate(finding, elsewhere, acknowledgedAt) with { IsInhibited = inhibited, IsInMaintenance = maintenance },
            new() { Name = "night", Kind = "log", MinSeverity = least }, note, Cooldown, Now);

    private static AlertCandidate Candidate(Finding finding, Severity? elsewhere = null, Severity? acknowledgedAt = null) =>
        new("f", finding, finding.Severity, acknowledgedAt, elsewhere is { } other ? [finding with { Severity = other }] : [], null);

    private static AlertNote Told(int minutesAgo, bool recovered = false) => new(Now.AddMinutes(-minutesAgo), Severity.High, recovered ? Now.AddMinutes(-1) : null);

    private static Finding Finding(Severity severity = Severity.High, FindingState state = FindingState.Open, DateTimeOffset? silencedUntil = null) => new(
        12, "instance_missing", "instances", "revalya", "g1", "acme", "revalya-acme", severity, state, "gone", new Dictionary<string, string>(), null,
        Now, Now, state == FindingState.Closed ? Now : null, silencedUntil, null, null);
}
