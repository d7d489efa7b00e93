using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Watch;

/// <summary>A review of the indicators of some whole days, kept as evidence (R-203, R-211, R-358); an availability below the promise is a finding (R-175, R-372).</summary>
internal abstract class KpiRoutine(KpiSources sources) : IRoutine
{
    public abstract string Name { get; }

    public abstract string Summary { get; }

    public abstract string DefaultSchedule { get; }

    public bool AppliesTo(FleetSystem system) => system.Watch is not null;

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var system = call.System.Name;
        var (from, to) = Days(TimeZoneInfo.ConvertTime(call.Due, call.Zone).Date);
        var (start, end) = (UtcHours.Midnight(from, call.Zone), UtcHours.Midnight(to, call.Zone));
        var kpis = await sources.Review.ReadAsync(call.System, start, end, end - start, cancellation);
        var seen = kpis.Select(kpi => kpi.Target).ToHashSet(StringComparer.Ordinal);
        string[] watched = [.. (await sources.Board.TargetsAsync(system, cancellation)).Select(target => target.Target)];
        string[] unseen = [.. watched.Where(target => !seen.Contains(target))];
        var report = new KpiReport(
            start, end, call.System.SlaPercent(), kpis, unseen, await sources.Capacity.ReadAsync(call.System, call.Due, cancellation), await sources.Logs.ReadAsync(system, start, end, cancellation));
        await sources.Sla.RecordAsync(Name, system, report, watched, call.Due, cancellation);
        return new(unseen.Length == 0 && !kpis.Any(kpi => kpi.IsIncomplete), Words(report, seen.Count), report);
    }

    /// <summary>The local days that it is about: the first, and the one after the last.</summary>
    protected abstract (DateTime From, DateTime To) Days(DateTime today);

    private static string Words(KpiReport report, int targets)
    {
        var all = report.Kpis.Where(kpi => kpi.Name == KpiMath.Availability).ToArray();
        var words = all.Where(kpi => !kpi.IsIncomplete).MinBy(kpi => kpi.Value) is { } worst
            ? string.Create(CultureInfo.InvariantCulture, $"{targets} targets; the least available was {worst.Target} with {worst.Value:0.00} % (promised {report.SlaPercent:0.##} %).")
            : targets == 0 ? "Nothing was watched in these days." : $"{targets} targets; none was looked at for long enough to tell how available it was.";
        var incomplete = all.Where(kpi => kpi.IsIncomplete).Select(kpi => string.Create(CultureInfo.InvariantCulture, $"{kpi.Target} ({Math.Floor(kpi.CoveragePercent!.Value)} %)")).ToArray();
        if (incomplete.Length > 0) words += $" Looked at for less than {SystemThresholds.LeastCoveragePercent} % of the time: {string.Join(", ", incomplete)}.";
        if (report.Unseen.Count > 0) words += $" Without any sample: {string.Join(", ", report.Unseen)}.";
        return report.Capacity is { Fits: false } capacity ? $"{words} {capacity.Words}" : words;
    }
}
