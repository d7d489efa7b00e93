using System.Globalization;

namespace WhatsOps.Watch;

/// <summary>
/// The course of a use of memory over the last hours, in six equal parts of that time (R-394). Garbage is collected by leaps, so what grows is told by how far it falls
/// back in each part, not by its mean.
/// </summary>
/// <param name="PerHour">How much it rises in an hour, in the unit of the samples; 0 unless it grows.</param>
internal sealed record MemoryTrend(MemoryCourse Course, TimeSpan Span, double First, double Newest, double PerHour)
{
    /// <summary>Ends of the metrics that tell how long a process has been running.</summary>
    public static readonly IReadOnlyList<string> Uptimes = ["container.uptime.seconds", "bot.uptime.seconds"];

    /// <summary>A leak that kills within a night is seen in it, and yesterday's load is not.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromHours(6);

    private const int Parts = 6;
    private const int Steps = Parts - 1;

    private const double LeastGrowth = 0.05;
    private const int LeastRises = 4;
    private const double Jump = 1.2;
    private const double Flat = 0.1;
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(30);

    /// <summary>How long ago the process was started, where that is within reach: what it used before says nothing of it.</summary>
    public TimeSpan? StartedAgo { get; private init; }

    /// <param name="hours">Series of the last hours, the <see cref="Uptimes"/> of the same target among them.</param>
    public static MemoryTrend Of(IReadOnlyDictionary<SeriesKey, List<Sample>> hours, SeriesKey memory, DateTimeOffset now) => Of(
        hours.GetValueOrDefault(memory) ?? [], hours.FirstOrDefault(one => one.Key.Target == memory.Target && Uptimes.Contains(one.Key.Metric)).Value, now);

    /// <param name="samples">In order of time.</param>
    /// <param name="uptimes">Of the same target, in order of time; null: it tells none.</param>
    public static MemoryTrend Of(IReadOnlyList<Sample> samples, IReadOnlyList<Sample>? uptimes, DateTimeOffset now)
    {
        var started = uptimes is [.., var newest] ? Uptime.StartOf(newest) : null;
        var trend = Of([.. samples.Where(sample => started is null || sample.At >= started)], now);
        return started > now - Reach ? trend with { StartedAgo = now - started } : trend;
    }

    private static MemoryTrend Of(Sample[] samples, DateTimeOffset now)
    {
        var young = samples.Where(sample => sample.At > now - Reach).ToArray();
        if (young.Length == 0) return new(MemoryCourse.Unknown, TimeSpan.Zero, 0, 0, 0);
        var span = now - young[0].At;
        var trend = new MemoryTrend(MemoryCourse.Unknown, span, young[0].Value, young[^1].Value, 0);
        if (span < Least) return trend;
        var parts = Enumerable.Range(0, Parts).Select(part => Within(young, young[0].At + (part * span / Parts), young[0].At + ((part + 1) * span / Parts))).ToArray();
        // A part that was not looked at may hide anything.
        if (parts.Any(part => part.Length == 0)) return trend;
        var means = parts[..^2].Select(part => part.Average()).ToArray();
        if (means.Max() - means.Min() <= Flat * means.Average() && Within(young, now - (span / Parts / 3), now).DefaultIfEmpty(0).Min() > Jump * means.Max()) return trend with { Course = MemoryCourse.Jumped };
        var floors = parts.Select(part => part.Min()).ToArray();
        var slope = Slope(floors);
        var rises = Enumerable.Range(0, Steps).Count(step => floors[step + 1] > floors[step]);
        return rises >= LeastRises && slope * Steps >= LeastGrowth * floors[^1]
            ? trend with { Course = MemoryCourse.Growing, PerHour = slope / (span / Parts).TotalHours }
            : trend with { Course = MemoryCourse.Steady };
    }

    /// <param name="metric">Its end names the unit.</param>
    public string Words(string metric)
    {
        if (Span == TimeSpan.Zero) return StartedAgo is { } age ? $"it was started {Time(age)} ago, and nothing is known since" : "nothing is known of the last hours";
        var values = $"{(StartedAgo is { } started ? $"started {Time(started)} ago; " : "")}{Time(Span)} ago {Value(metric, First)}, now {Value(metric, Newest)}";
        return Course switch
        {
            MemoryCourse.Growing => $"{values}: it grows by {Value(metric, PerHour)} an hour{Full(metric)}",
            MemoryCourse.Jumped => $"{values}: it jumped within the last {Time(Span / 3)}",
            MemoryCourse.Steady => $"{values}: it is steady",
            _ => $"{values}: too little is known to tell its course",
        };
    }

    private string Full(string metric) => metric.EndsWith(".percent", StringComparison.Ordinal) && Newest < 100 ? $", and is full in {Time(TimeSpan.FromHours((100 - Newest) / PerHour))}" : "";

    internal static string Value(string metric, double value) =>
        metric.EndsWith(".percent", StringComparison.Ordinal) ? $"{value.ToString("0.#", CultureInfo.InvariantCulture)} %"
        : $"{(metric.EndsWith("bytes", StringComparison.Ordinal) && !metric.EndsWith("megabytes", StringComparison.Ordinal) ? value / 1024 / 1024 : value).ToString("#,##0", CultureInfo.InvariantCulture)} MB";

    internal static string Time(TimeSpan time) =>
        time.TotalHours >= 48 ? $"{time.TotalDays.ToString("0", CultureInfo.InvariantCulture)} d" : Math.Round(time.TotalMinutes) >= 120 ? $"{time.TotalHours.ToString("0.#", CultureInfo.InvariantCulture)} h" : $"{time.TotalMinutes.ToString("0", CultureInfo.InvariantCulture)} min";

    private static double[] Within(Sample[] samples, DateTimeOffset from, DateTimeOffset to) => [.. samples.Where(sample => sample.At >= from && sample.At <= to).Select(sample => sample.Value)];

    // Of the straight line that fits best.
    private static double Slope(double[] values)
    {
        var middle = (values.Length - 1) / 2.0;
        var mean = values.Average();
        return values.Select((value, at) => (at - middle) * (value - mean)).Sum() / values.Select((_, at) => (at - middle) * (at - middle)).Sum();
    }
}
