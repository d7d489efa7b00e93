using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class EscalationTimesTests
{
    [Theory]
    [InlineData(Severity.Critical, new[] { 5, 15, 30 })]
    [InlineData(Severity.High, new[] { 30, 60, 120 })]
    public void The_levels_come_at_their_default_minutes_unless_told_otherwise(Severity severity, int[] minutes)
    {
        EscalationLevel[] levels = [.. Enumerable.Range(1, 3).Select(i => new EscalationLevel { Name = $"L{i}", Routes = ["chat"] })];
        Assert.Equal(minutes, Enumerable.Range(0, 3).Select(index => (int)EscalationTimes.Of(levels, index, severity).TotalMinutes));
        levels[1] = levels[1] with { AfterMinutes = new() { Critical = 7, High = 40 } };
        Assert.Equal(severity == Severity.Critical ? 7 : 40, (int)EscalationTimes.Of(levels, 1, severity).TotalMinutes);
    }
}
