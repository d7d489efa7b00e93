using WhatsOps.Audits;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Audits;

public sealed class WatchRulesTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void More_than_100_absorbed_events_within_ten_minutes_are_a_storm(long count, bool storm)
    {
        var finding = StormRules.Judge("revalya", new("gw0", count, ["revalya-a", "revalya-b"]));
        Assert.Equal(storm, finding is not null);
        if (finding is not null) Assert.Equal(("gw0", null, Severity.High), (finding.Gateway, finding.Tenant, finding.Severity));
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(6.01, true)]
    public void Silence_beyond_three_times_the_longest_normal_one_is_suspect(double hours, bool suspect) =>
        Assert.Equal(suspect, ZombieRules.IsSuspect(Hour * hours, [Hour, Hour * 2, Hour], Hour));

    [Fact]
    public void Two_weeks_are_no_habit_and_three_are()
    {
        Assert.False(ZombieRules.IsSuspect(Hour * 50, [Hour, Hour], Hour));
        Assert.True(ZombieRules.IsSuspect(Hour * 50, [Hour, Hour, Hour], Hour));
        Assert.False(ZombieRules.IsSuspect(Hour * 50, [], Hour));
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(60.1, true)]
    public void A_busy_line_may_be_silent_for_an_hour(double minutes, bool suspect) =>
        Assert.Equal(suspect, ZombieRules.IsSuspect(TimeSpan.FromMinutes(minutes), [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)], Hour));

    [Theory]
    [InlineData(2, 2, false)]
    [InlineData(3, 10, true)]
    [InlineData(3, 11, false)]
    public void Three_and_thirty_percent_of_a_gateway_are_one_incident(int suspects, int open, bool together) => Assert.Equal(together, ZombieRules.AreTogether(suspects, open, 30));
}
