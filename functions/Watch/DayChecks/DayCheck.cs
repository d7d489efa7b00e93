using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Watch;

/// <summary>A look at everything at a fixed hour, with a report that stays as evidence: how every target is, what is wrong, the numbers of the day so far.</summary>
internal abstract class DayCheck(Watcher watcher, WatchBoard board, KpiReview review, LogReviews logs, IFindings findings) : IRoutine
{
    public abstract string Name { get; }

    public abstract string Summary { get; }

    public abstract string DefaultSchedule { get; }

    public bool AppliesTo(FleetSystem system) => system.Watch is not null;

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var system = call.System.Name;
        await watcher.RunAsync(system, isDue: false, cancellation);
        var targets = await board.TargetsAsync(system, cancellation);
        var open = (await findings.ListAsync(new(system, Limit: 1000), cancellation)).OrderByDescending(finding => finding.Severity).Select(DayFinding.Of).ToArray();
        var since = Since(call);
        // The looks of the check itself fall into the hour that begins.
        var kpis = await review.ReadAsync(call.System, since, call.Due, TimeSpan.FromDays(1), cancellation);
        var report = new DayReport(targets, open, await board.SummaryAsync(system, since, call.Due, cancellation), kpis, await logs.ReadAsync(system, since, call.Due.AddHours(1), cancellation));
        // A target that another process has in hand at this moment was seen a moment ago.
        var seen = targets.Count(target => target.Outcome == "seen");
        return new(seen == targets.Count, string.Create(CultureInfo.InvariantCulture, $"{seen} of {targets.Count} targets seen; {open.Length} open findings{(open.Length > 0 ? $", the worst: {open[0].Severity} {open[0].Kind}" : "")}."), report);
    }

    /// <summary>Where the numbers of the report begin.</summary>
    protected abstract DateTimeOffset Since(RoutineCall call);

    /// <summary>Midnight of the day it was due, in the system's time zone.</summary>
    protected static DateTimeOffset Midnight(RoutineCall call) => UtcHours.Midnight(TimeZoneInfo.ConvertTime(call.Due, call.Zone).Date, call.Zone);
}
