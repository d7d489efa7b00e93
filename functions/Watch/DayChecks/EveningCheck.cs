using WhatsOps.Findings;
using WhatsOps.Routines;

namespace WhatsOps.Watch;

/// <summary>The manuals' evening: everything is looked at, and the numbers of the day are kept.</summary>
internal sealed class EveningCheck(Watcher watcher, WatchBoard board, KpiReview review, LogReviews logs, IFindings findings) : DayCheck(watcher, board, review, logs, findings)
{
    public override string Name => "evening-check";

    public override string Summary => "Looks at everything around the gateways at the end of the day, and keeps the day's numbers";

    public override string DefaultSchedule => "0 17 * * *";

    protected override DateTimeOffset Since(RoutineCall call) => Midnight(call);
}
