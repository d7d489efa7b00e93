using Microsoft.Extensions.Logging;
using WhatsOps.Alerts;

namespace WhatsOps.Checklists;

/// <summary>The quarterly list (R-129…R-133; bot: R-375).</summary>
internal sealed class QuarterlyChecklist(EvidenceCollector evidence, TaskStore tasks, IAnnouncements announcements, TimeProvider time, ILogger<QuarterlyChecklist> log)
    : ChecklistRoutine(Checklist.Quarterly, evidence, tasks, announcements, time, log)
{
    public override string Name => "quarterly-checklist";

    public override string Summary => "The manual's quarterly list";

    public override string DefaultSchedule => "0 9 1 1,4,7,10 *";
}
