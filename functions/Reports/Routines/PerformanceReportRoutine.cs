using WhatsOps.Alerts;
using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>The weekly look at performance (R-045…R-049), which also judges it. The manual names no hour: it comes before the weekly checklist.</summary>
internal sealed class PerformanceReportRoutine(PerformanceMaker maker, ReportArchive archive, IAnnouncements announcements, PerformanceFindings findings) : ReportRoutine(maker, archive, announcements)
{
    public override string Name => "performance-report";

    public override string Summary => "How the gateways answered in the last 7 days";

    public override string DefaultSchedule => "0 7 * * 1";

    protected override Task JudgeAsync(FleetSystem system, MadeReport made, CancellationToken cancellation) =>
        findings.TellAsync(system, (PerformanceReport)made.Report, made.Unread, cancellation);
}
