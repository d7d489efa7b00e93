using Microsoft.Extensions.Logging;
using WhatsOps.Alerts;

namespace WhatsOps.Checklists;

/// <summary>The monthly list (R-124…R-128; TaktChat: R-023…R-026; bot: ), and what no look shows of the security of servers .</summary>
internal sealed class MonthlyChecklist(EvidenceCollector evidence, TaskStore tasks, IAnnouncements announcements, TimeProvider time, ILogger<MonthlyChecklist> log)
    : ChecklistRoutine(Checklist.Monthly, evidence, tasks, announcements, time, log)
{
    public override string Name => "monthly-checklist";

    public override string Summary => "The manual's monthly list";

    public override string DefaultSchedule => "0 9 1 * *";
}
