using CsCheck;
using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>Restarts in a maintenance window, here 00:00 to 01:00 in São Paulo, which is 03:00 to 04:00 UTC.</summary>
public sealed class PlannedTimesTests
{
    private static readonly FleetSystem System = new() { Name = "shop", Kind = "bot", MaintenanceWindows = [new() { From = new(0, 0), To = new(1, 0) }] };
    private static readonly WatchRule Restarts = RuleBook.BuiltIn.Single(rule => rule.Name == "container-restarts");
    private static readonly WatchRule Started = RuleBook.BuiltIn.Single(rule => rule.Name == "bot-started");
    private static readonly DateTimeOffset End = new(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_restart_in_the_window_is_none_and_one_after_it_is()
    {
        Assert.Equal(RuleState.NoData, Judge(Restarts, (-70, 2), (-30, 3)));
        Assert.Equal(RuleState.Quiet, Judge(Restarts, (-70, 2), (-30, 3), (0, 3), (1, 3)));
        Assert.Equal(RuleState.Firing, Judge(Restarts, (-70, 2), (-30, 3), (0, 3), (1, 4)));
        Assert.Equal(RuleState.Firing, Judge(Restarts with { ExceptInMaintenance = false }, (-50, 2), (-30, 3), (0, 3), (1, 3)));
    }

    [Fact]
    public void A_target_that_was_down_for_the_whole_window_was_meant_to()
    {
        Assert.Equal(RuleState.NoData, Judge(Restarts, (-65, 2), (0, 3)));
        Assert.Equal(RuleState.Quiet, Judge(Restarts, (-65, 2), (5, 3), (6, 3)));
        Assert.Equal(RuleState.Firing, Judge(Restarts, (-65, 2), (5, 3), (6, 4)));
        Assert.Equal(RuleState.Firing, Judge(Restarts, (-65, 2), (-61, 3)));
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(61, true)]
    [InlineData(59, false)]
    public void An_uptime_that_began_in_the_window_was_meant_to(double seconds, bool planned) =>
        Assert.Equal(planned, PlannedTimes.IsPlannedStart(System, Started, new(End.AddSeconds(planned ? 59 : 60), seconds)));

    [Fact]
    public void Only_rules_of_restarts_know_of_windows() => Assert.Equal(
        ["bot-just-started", "bot-started", "container-restarts"], RuleBook.BuiltIn.Where(rule => rule.ExceptInMaintenance).Select(rule => rule.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void A_window_of_some_tenants_is_none_of_the_system() => Assert.False(PlannedTimes.IsPlannedStart(
        System with { MaintenanceWindows = [System.MaintenanceWindows[0] with { Tenants = ["acme"] }] }, Started, new(End.AddMinutes(-10), 5)));

    [Theory]
    [InlineData(-1)]
    [InlineData(double.MaxValue)]
    [InlineData(double.NaN)]
    public void An_uptime_that_cannot_be_is_no_planned_one(double seconds) => Assert.False(PlannedTimes.IsPlannedStart(System, Started, new(End.AddMinutes(-10), seconds)));

    [Fact]
    public void What_is_left_is_what_came_after_the_last_window() => Gen.Int[-300, 300].Array[0, 40].Sample(minutes =>
    {
        Sample[] series = [.. minutes.Order().Select(minute => new Sample(End.AddMinutes(minute), minute))];
        var left = PlannedTimes.Without(System, Restarts, series);
        Assert.Equal(series.Where(sample => series[^1].At < End.AddHours(-1) || sample.At >= End), left);
    });

    private static RuleState Judge(WatchRule rule, params (int Minute, double Value)[] series)
    {
        Sample[] samples = [.. series.Select(one => new Sample(End.AddMinutes(one.Minute), one.Value))];
        return RuleMath.Judge(rule, PlannedTimes.Without(System, rule, samples), [], samples[^1].At, TimeSpan.FromMinutes(30), isFiring: false).State;
    }
}
