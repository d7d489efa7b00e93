using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Alerts;

public sealed class EscalationDecisionTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly EscalationLevel[] Levels = [.. Enumerable.Range(1, 3).Select(i => new EscalationLevel { Name = $"L{i}", Routes = ["a"] })];

    [Theory, Capability("R-134")]
    [InlineData(Severity.Critical, 5, 0)]
    [InlineData(Severity.Critical, 15, 1)]
    [InlineData(Severity.Critical, 30, 2)]
    [InlineData(Severity.High, 30, 0)]
    [InlineData(Severity.High, 60, 1)]
    [InlineData(Severity.High, 120, 2)]
    public void Each_level_is_told_after_its_minutes_and_not_a_second_before(Severity severity, int minutes, int level)
    {
        var started = Now.AddMinutes(-minutes);
        var before = Decide(severity, new(started.AddSeconds(1), severity, level));
        Assert.Empty(before.Tell);
        Assert.Equal(Now.AddSeconds(1), before.LookAgain);

        var due = Decide(severity, new(started, severity, level));
        Assert.Equal([level], due.Tell);
        Assert.Equal(level + 1, due.Clock!.Level);
        Assert.Equal(level == 2 ? null : started + EscalationTimes.Of(Levels, level + 1, severity), due.LookAgain);
    }

    [Fact]
    public void The_first_alert_starts_the_clock() =>
        Assert.Equal((new(Now, Severity.Critical, 0), Now.AddMinutes(5)), (Decide(Severity.Critical).Clock, Decide(Severity.Critical).LookAgain));

    [Theory]
    [InlineData(Severity.Medium, false)]
    [InlineData(Severity.High, true)]
    public void Only_high_and_critical_findings_are_escalated(Severity severity, bool escalated) => Assert.Equal(escalated, Decide(severity).Clock is not null);

    [Fact]
    public void Levels_that_a_stopped_process_missed_are_all_told() => Assert.Equal([0, 1, 2], Decide(Severity.Critical, new(Now.AddHours(-1), Severity.Critical, 0)).Tell);

    [Fact]
    public void Worse_starts_the_clock_anew_and_better_does_not()
    {
        Assert.Equal(new(Now, Severity.Critical, 0), Decide(Severity.Critical, new(Now.AddMinutes(-50), Severity.High, 1)).Clock);
        Assert.Equal(new(Now.AddMinutes(-16), Severity.Critical, 2), Decide(Severity.High, new(Now.AddMinutes(-16), Severity.Critical, 1)).Clock);
    }

    [Fact]
    public void Whoever_takes_it_stops_the_clock_until_it_is_worse()
    {
        var clock = new EscalationClock(Now.AddHours(-1), Severity.High, 0);
        foreach (var state in new[] { FindingState.Acknowledged, FindingState.Silenced, FindingState.Accepted, FindingState.Closed })
            Assert.Equal(new(null, [], null), Of(Candidate(Severity.High, clock, state, Severity.High)), Same);
        Assert.Equal(new(Now, Severity.Critical, 0), Of(Candidate(Severity.Critical, clock, FindingState.Acknowledged, Severity.High)).Clock);
    }

    [Fact]
    public void What_nobody_was_told_is_not_waited_for()
    {
        var candidate = Candidate(Severity.Critical, new(Now.AddHours(-1), Severity.Critical, 0));
        Assert.Null(Of(candidate with { IsInMaintenance = true }).Clock);
        Assert.Null(Of(candidate with { IsInhibited = true }).Clock);
        Assert.Null(EscalationDecision.Of(candidate, [], Now).Clock);
    }

    private static bool Same(EscalationDecision one, EscalationDecision other) => one.Clock == other.Clock && one.LookAgain == other.LookAgain && one.Tell.SequenceEqual(other.Tell);

    private static EscalationDecision Decide(Severity severity, EscalationClock? clock = null) => Of(Candidate(severity, clock));

    private static EscalationDecision Of(AlertCandidate candidate) => EscalationDecision.Of(candidate, Levels, Now);

    private static AlertCandidate Candidate(Severity severity, EscalationClock? clock, FindingState state = FindingState.Open, Severity? acknowledgedAt = null) =>
        new("f", Alerted.Finding(severity: severity, state: state), severity, acknowledgedAt, [], clock);
}
