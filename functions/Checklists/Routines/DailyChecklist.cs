using Microsoft.Extensions.Logging;
using WhatsOps.Alerts;

namespace WhatsOps.Checklists;

/// <summary>The daily list (R-115…R-118; WhatsApp Agent: ).</summary>
internal sealed class DailyChecklist(EvidenceCollector evidence, TaskStore tasks, IAnnouncements announcements, TimeProvider time, ILogger<DailyChecklist> log)
    : ChecklistRoutine(Checklist.Daily, evidence, tasks, announcements, time, log)
{
    public override string Name => "daily-checklist";

    public override string Summary => "The manual's daily list, judged from what was seen";

    public override string DefaultSchedule => "0 9 * * *";
}
