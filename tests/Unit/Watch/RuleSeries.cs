using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>Rules as Prometheus' are tested: a series in, a verdict out. One sample a minute; <c>null</c> is a look that saw nothing. For <c>using static</c>.</summary>
internal static class RuleSeries
{
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static void Both(WatchRule rule, double ill, double well)
    {
        Assert.Equal(RuleState.Firing, Judge(rule, [ill]).State);
        Assert.Equal(RuleState.Quiet, Judge(rule, [well]).State);
    }

    /// <summary>It fires when a value has been ill for its minutes, and not before; a well one may last.</summary>
    public static void After(int minutes, WatchRule rule, double ill, double well, int lasting)
    {
        Assert.Equal(RuleState.Quiet, Judge(rule, Repeat(well, lasting)).State);
        Assert.Equal(RuleState.Pending, Judge(rule, Repeat(ill, minutes)).State);
        Assert.Equal(RuleState.Firing, Judge(rule, Repeat(ill, minutes + 1)).State);
    }

    public static RuleVerdict Judge(WatchRule rule, double?[] values, bool isFiring = false) =>
        RuleMath.Judge(rule, Series(values), [], Start + ((values.Length - 1) * Minute), Minute, isFiring);

    public static List<Sample> Series(double?[] values) => [.. values.Select((value, minute) => (value, minute)).Where(one => one.value is not null).Select(one => new Sample(Start + (one.minute * Minute), one.value!.Value))];

    // A counter that grows as usual for the minutes of a day, and otherwise since.
    public static double?[] Growth(int day, double usual, int minutes, double now) =>
        [.. Enumerable.Range(0, day).Select(minute => (double?)(minute * usual)), .. Enumerable.Range(1, minutes).Select(minute => (double?)(((day - 1) * usual) + (minute * now)))];

    public static List<Sample> Grows(double by, int minutes) => Series([.. Enumerable.Range(0, minutes + 1).Select(minute => (double?)(minute * by))]);

    public static double?[] Repeat(double value, int times) => [.. Enumerable.Repeat((double?)value, times)];

    public static WatchRule BuiltIn(string name) => RuleBook.BuiltIn.Single(rule => rule.Name == name);

    public static WatchRule Rule() => new() { Name = "rule", Metric = "m", Above = 10 };
}
