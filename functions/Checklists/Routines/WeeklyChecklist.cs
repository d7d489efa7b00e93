using Microsoft.Extensions.Logging;
using WhatsOps.Alerts;

namespace WhatsOps.Checklists;

/// <summary>The weekly list (R-119…R-123; TaktChat; WhatsApp Agent: R-179; bot: R-360).</summary>
internal sealed class WeeklyChecklist(EvidenceCollector evidence, TaskStore tasks, IAnnouncements announcements, TimeProvider time, ILogger<WeeklyChecklist> log)
    : ChecklistRoutine(Checklist.Weekly, evidence, tasks, announcements, time, log)
{
    public override string Name => "weekly-checklist";

    public override string Summary => "The manual's weekly list";

    public override string DefaultSchedule => "0 9 * * 1";
}
