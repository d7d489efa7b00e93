using WhatsOps.Alerts;

namespace WhatsOps.Reports;

/// <summary>The look at usage (R-101…R-105). The manual names no hour: it comes before the weekly checklist.</summary>
internal sealed class UsageReportRoutine(UsageMaker maker, ReportArchive archive, IAnnouncements announcements) : ReportRoutine(maker, archive, announcements)
{
    public override string Name => "usage-report";

    public override string Summary => "Tenants, connections, uptime and activity of the last 30 days";

    public override string DefaultSchedule => "15 7 * * 1";
}
