using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Watch;

/// <summary>A review of the indicators of some whole days, kept as evidence (R-203, R-211, R-358).</summary>
internal abstract class KpiRoutine(WatchBoard board, KpiReader reader, LogReviews logs, SampleStore samples) : IRoutine
{
    private const string Instances = "turbozap.instances";
    private const string Cores = "container.cpu.limit.cores";
    private const string Memory = "container.memory.limit.bytes";
    private static readonly TimeSpan Newest = TimeSpan.FromHours(1);

    public abstract string Name { get; }

    public abstract string Summary { get; }

    public abstract string DefaultSchedule { get; }

    public bool AppliesTo(FleetSystem system) => system.Watch is not null;

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var system = call.System.Name;
        var (from, to) = Days(TimeZoneInfo.ConvertTime(call.Due, call.Zone).Date);
        var (start, end) = (UtcHours.Midnight(from, call.Zone), UtcHours.Midnight(to, call.Zone));
        var facts = await reader.ReadAsync(system, KpiMath.Metrics, start, end, cancellation);
        var before = await reader.ReadAsync(system, KpiMath.Metrics, start - (end - start), start, cancellation);
        var seen = facts.Select(series => series.Target).ToHashSet(StringComparer.Ordinal);
        string[] unseen = [.. (await board.TargetsAsync(system, cancellation)).Select(target => target.Target).Where(target => !seen.Contains(target))];
        var report = new KpiReport(start, end, call.System.Thresholds.SlaPercent, KpiMath.Of(facts, before, end - start), unseen, await CapacityAsync(system, call.Due, cancellation), await logs.ReadAsync(system, start, end, cancellation));
        return new(unseen.Length == 0, Words(report, seen.Count), report);
    }

    /// <summary>The local days that it is about: the first, and the one after the last.</summary>
    protected abstract (DateTime From, DateTime To) Days(DateTime today);

    private async Task<CapacityAdvice?> CapacityAsync(string system, DateTimeOffset now, CancellationToken cancellation)
    {
        var series = await samples.SeriesAsync(system, [Instances, Cores, Memory], now - Newest, cancellation);
        double[] Last(string metric) => [.. series.Where(one => one.Key.Metric == metric).Select(one => one.Value[^1].Value)];
        if (Last(Instances) is not { Length: > 0 } instances || instances.Sum() < 1) return null;
        double? Most(double[] values) => values.Length == 0 ? null : values.Max();
        return CapacityAdvice.Of((int)instances.Sum(), Most(Last(Cores)), Most(Last(Memory)) / KpiMath.Gigabyte);
    }

    private static string Words(KpiReport report, int targets)
    {
        var worst = report.Kpis.Where(kpi => kpi.Name == "availability").MinBy(kpi => kpi.Value);
        var words = worst is null
            ? "Nothing was watched in these days."
            : string.Create(CultureInfo.InvariantCulture, $"{targets} targets; the least available was {worst.Target} with {worst.Value:0.00} % (promised {report.SlaPercent:0.##} %).");
        if (report.Unseen.Count > 0) words += $" Without any sample: {string.Join(", ", report.Unseen)}.";
        return report.Capacity is { Fits: false } capacity ? $"{words} {capacity.Words}" : words;
    }
}
