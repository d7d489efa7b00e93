using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Judges one series by one rule, from its samples alone: no state but whether the rule fires already. The condition is asked at the time of every sample, back to
/// where it did not hold; so a process that starts anew says what the one before it said.
/// </summary>
internal static class RuleMath
{
    private static readonly TimeSpan BaselineSpan = TimeSpan.FromDays(1);

    // Below it a day's mean says nothing: every first event would be a hundred times as many as always.
    private const int BaselineSamples = 30;

    /// <summary>How far back the samples must reach.</summary>
    public static TimeSpan Reach(WatchRule rule, TimeSpan interval) =>
        Window(rule) + TimeSpan.FromMinutes(rule.ForMinutes) + (2 * Gap(interval)) + (rule.Function == RuleFunction.Baseline ? BaselineSpan : TimeSpan.Zero);

    /// <param name="series">In order of time.</param>
    /// <param name="whole">For a ratio: every series of the whole, rising.</param>
    /// <param name="interval">Between two looks at the target: after three of them without a sample nothing is known.</param>
    /// <param name="isFiring">True: judged by where it is over, not by where it begins.</param>
    public static RuleVerdict Judge(WatchRule rule, IReadOnlyList<Sample> series, IReadOnlyList<IReadOnlyList<Sample>> whole, DateTimeOffset now, TimeSpan interval, bool isFiring)
    {
        if (rule.Function is RuleFunction.Increase or RuleFunction.Rate or RuleFunction.Ratio or RuleFunction.Baseline) series = StoredCounts.Rising(rule.Metric, series);
        if (!IsYoung(series, now, interval) || At(rule, series, whole, series.Count - 1) is not { } value) return new(RuleState.NoData, null, null);
        if (!Holds(rule, value, isFiring)) return new(RuleState.Quiet, value, null);
        var since = series[^1].At;
        var needed = TimeSpan.FromMinutes(rule.ForMinutes);
        for (var index = series.Count - 2; index >= 0 && now - since < needed; index--)
        {
            // What was not looked at cannot have held.
            if (since - series[index].At > Gap(interval) || At(rule, series, whole, index) is not { } before || !Holds(rule, before, isFiring)) break;
            since = series[index].At;
        }

        return new(now - since >= needed ? RuleState.Firing : RuleState.Pending, value, since);
    }

    /// <summary>True: the newest sample still says how things are.</summary>
    public static bool IsYoung(IReadOnlyList<Sample>? series, DateTimeOffset now, TimeSpan interval) => series is { Count: > 0 } && now - series[^1].At <= Gap(interval);

    private static bool Holds(WatchRule rule, double value, bool isFiring)
    {
        if (rule.Above is { } above) return value > (double)(isFiring ? rule.Clear ?? above : above);
        return rule.Below is { } below && value < (double)(isFiring ? rule.Clear ?? below : below);
    }

    private static double? At(WatchRule rule, IReadOnlyList<Sample> series, IReadOnlyList<IReadOnlyList<Sample>> whole, int index)
    {
        var at = series[index].At;
        switch (rule.Function)
        {
            case RuleFunction.Last:
                return series[index].Value;
            case RuleFunction.Average:
                return Values(series, at - Window(rule), at).Average();
            case RuleFunction.P99:
                var sorted = Values(series, at - Window(rule), at).Order().ToArray();
                return sorted[(int)Math.Ceiling(0.99 * sorted.Length) - 1];
            case RuleFunction.Increase:
                return Growth(series, at - Window(rule), at)?.By;
            case RuleFunction.Rate:
                return Rate(series, at - Window(rule), at);
            case RuleFunction.Ratio:
                var part = Growth(series, at - Window(rule), at);
                var all = whole.Select(one => Growth(one, at - Window(rule), at)).Where(growth => growth is not null).Sum(growth => growth!.Value.By);
                // Nothing happened: nothing of it failed.
                return part is { } grown ? all > 0 ? grown.By / all : 0 : null;
            case RuleFunction.Baseline:
                var from = at - Window(rule);
                if (series.Count(sample => sample.At <= from && sample.At > from - BaselineSpan) < BaselineSamples) return null;
                return Rate(series, from - BaselineSpan, from) is > 0 and var usual ? Rate(series, from, at) / usual : null;
            default:
                throw new InvalidOperationException($"{rule.Function} is no function of rules.");
        }
    }

    private static double? Rate(IReadOnlyList<Sample> series, DateTimeOffset from, DateTimeOffset to) =>
        Growth(series, from, to) is { Over.TotalSeconds: > 0 } growth ? growth.By / growth.Over.TotalSeconds : null;

    /// <summary>How much a counter grew, from the last sample at or before the window on. A smaller value is a counter that began again at 0.</summary>
    private static (double By, TimeSpan Over)? Growth(IReadOnlyList<Sample> series, DateTimeOffset from, DateTimeOffset to)
    {
        Sample? first = null;
        Sample last = default;
        var by = 0.0;
        foreach (var sample in series)
        {
            if (sample.At > to) break;
            if (sample.At <= from || first is null) (first, by) = (sample, 0);
            else by += sample.Value >= last.Value ? sample.Value - last.Value : sample.Value;
            last = sample;
        }

        return first is { } start && last.At > start.At ? (by, last.At - start.At) : null;
    }

    private static IEnumerable<double> Values(IReadOnlyList<Sample> series, DateTimeOffset from, DateTimeOffset to) =>
        series.Where(sample => sample.At > from && sample.At <= to).Select(sample => sample.Value);

    private static TimeSpan Window(WatchRule rule) => TimeSpan.FromMinutes(rule.WindowMinutes);

    private static TimeSpan Gap(TimeSpan interval) => (3 * interval) + TimeSpan.FromSeconds(30);
}
