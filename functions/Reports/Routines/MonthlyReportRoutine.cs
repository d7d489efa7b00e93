using WhatsOps.Alerts;

namespace WhatsOps.Reports;

/// <summary>The 1st at 08:00 .</summary>
internal sealed class MonthlyReportRoutine(MonthlyMaker maker, ReportArchive archive, IAnnouncements announcements) : ReportRoutine(maker, archive, announcements)
{
    public override string Name => "monthly-report";

    public override string Summary => "The last month beside the one before";

    public override string DefaultSchedule => "0 8 1 * *";
}
