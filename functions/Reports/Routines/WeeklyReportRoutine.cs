using WhatsOps.Alerts;

namespace WhatsOps.Reports;

/// <summary>Sunday at 08:00 .</summary>
internal sealed class WeeklyReportRoutine(WeeklyMaker maker, ReportArchive archive, IAnnouncements announcements) : ReportRoutine(maker, archive, announcements)
{
    public override string Name => "weekly-report";

    public override string Summary => "The service each tenant got in the last 7 days";

    public override string DefaultSchedule => "0 8 * * 0";
}
