using CsCheck;
using WhatsOps.Backups;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Backups;

public sealed class RetentionRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo");

    [Theory]
    [Capability("R-217"), Capability("R-298"), Capability("R-412")]
    [InlineData(30)]
    [InlineData(7)]
    public void The_days_of_the_manuals_are_kept_and_not_one_more(int days)
    {
        var keep = new BackupRetention { Days = days, Weeks = 0, Months = 0 };
        var verdicts = RetentionRules.Judge([Set(0), Set(days - 0.01), Set(days), Set(days + 1)], keep, Now, Zone);
        Assert.Equal([false, false, true, true], verdicts.Select(verdict => verdict.IsOver));
    }

    [Fact]
    [Capability("R-205")]
    public void The_last_of_each_week_and_month_outlives_its_days()
    {
        // One set each day for 100 days.
        BackupSet[] sets = [.. Enumerable.Range(0, 100).Select(day => Set(day))];
        var verdicts = RetentionRules.Judge(sets, new() { Days = 2, Weeks = 3, Months = 3 }, Now, Zone);
        Assert.Equal(["2026-03-01", "2026-02-28", "2026-02-22", "2026-02-15", "2026-01-31"],
            verdicts.Where(verdict => !verdict.IsOver).Select(verdict => verdict.RequestedAt.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Old_as_they_are_the_newest_the_newest_proven_and_the_held_stay()
    {
        var (newest, proven, held, gone) = (Set(400), Set(500) with { TestedAt = Now }, Set(600) with { HeldBy = "ana" }, Set(700) with { TestedAt = Now });
        var verdicts = RetentionRules.Judge([newest, proven, held, gone], new() { Days = 1, Weeks = 0, Months = 0 }, Now, Zone);
        Assert.Equal([newest.Id, proven.Id, held.Id], verdicts.Where(verdict => !verdict.IsOver).Select(verdict => verdict.Id));
    }

    [Fact]
    public void Whatever_there_is_and_whatever_the_clock_says_the_shelf_is_never_emptied() => Gen.Double[-1000, 3000].List[1, 30].Select(Gen.Int[1, 40], Gen.Int[0, 10], Gen.Int[0, 10]).Sample(
        sample =>
        {
            BackupSet[] sets = [.. sample.Item1.Select(Set)];
            var verdicts = RetentionRules.Judge(sets, new() { Days = sample.Item2, Weeks = sample.Item3, Months = sample.Item4 }, Now, Zone);
            Assert.Equal(sets.Length, verdicts.Count);
            Assert.False(verdicts[0].IsOver);
        });

    private static BackupSet Set(double daysAgo)
    {
        var at = Now - TimeSpan.FromDays(daysAgo);
        return new() { System = "revalya", Id = Guid.CreateVersion7(at), State = BackupState.Complete, RequestedAt = at };
    }
}
