using WhatsOps.Findings;
using WhatsOps.Routines;

namespace WhatsOps.Watch;

/// <summary>The manuals' morning: everything is looked at, with the numbers of the night since 17:00.</summary>
internal sealed class MorningCheck(Watcher watcher, WatchBoard board, KpiReview review, LogReviews logs, IFindings findings) : DayCheck(watcher, board, review, logs, findings)
{
    private const int EveningHours = 7;

    public override string Name => "morning-check";

    public override string Summary => "Looks at everything around the gateways at the start of the day, and reports the night";

    public override string DefaultSchedule => "0 9 * * *";

    protected override DateTimeOffset Since(RoutineCall call) => Midnight(call).AddHours(-EveningHours);
}
