using System.Globalization;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Reports;
using WhatsOps.Retention;

namespace WhatsOps.Checklists;

/// <summary>Moves tasks with the time: opens what others ask for, reminds at half the time, and takes overdue ones a level up, as a finding that gets worse.</summary>
internal sealed class TaskClock(TaskStore tasks, CleanUpRequests cleanUps, IFindings findings, IAnnouncements announcements, IFleet fleet, TimeProvider time)
{
    private const int Named = 10;
    private static readonly TimeSpan Due = TimeSpan.FromDays(3);

    public async Task TickAsync(CancellationToken cancellation)
    {
        foreach (var system in (await fleet.CurrentAsync(cancellation))?.Document.Systems ?? [])
        {
            await AskAsync(system, cancellation);
            await tasks.ReopenAsync(system.Name, cancellation);
            foreach (var task in await tasks.RemindAsync(system.Name, cancellation)) await RemindAsync(task, cancellation);
            await TellAsync(system.Name, await tasks.EscalateAsync(system.Name, cancellation), cancellation);
        }
    }

    private async Task AskAsync(FleetSystem system, CancellationToken cancellation)
    {
        foreach (var request in await cleanUps.WaitingAsync(system.Name, cancellation))
        {
            var (rows, before) = (request.Rows.ToString(CultureInfo.InvariantCulture), ReportText.Time(request.OlderThan));
            await tasks.AddAsync(
                new(system.Name, TaskDesk.CleanUpRow, "approval", $"{request.Table}@{request.AskedAt.UtcDateTime:yyyy-MM-dd}",
                    $"May {rows} rows of {request.Table} from before {before} be deleted?", $"Podem ser apagadas {rows} linhas de {request.Table} anteriores a {before}?", Due,
                    [new("clean-up", true, $"{rows} rows of the product's {request.Table} are older than {before}.", $"whatsops routines run clean-up --system {system.Name}")])
                    { NeedsApprover = true }, cancellation);
        }

        // R-076: what no runbook mends is a person's.
        foreach (var finding in await findings.ListAsync(new(system.Name, Kind: "performance_errors"), cancellation))
            await tasks.AddAsync(
                new(system.Name, "R-076", "errors", $"finding-{finding.Id.ToString(CultureInfo.InvariantCulture)}",
                    $"Fix the frequent errors of calls: {finding.Evidence.GetValueOrDefault("errors")}", $"Corrigir os erros frequentes das chamadas: {finding.Evidence.GetValueOrDefault("errors")}", Due,
                    [new("finding", false, finding.Cause, $"whatsops findings show {finding.Id.ToString(CultureInfo.InvariantCulture)}")]), cancellation);
    }

    private Task RemindAsync(HumanTask task, CancellationToken cancellation) => announcements.AnnounceAsync(
        task.System, $"{task.Key}/reminder/{task.DueAt.UtcTicks.ToString(CultureInfo.InvariantCulture)}", $"⏰ INFO: WhatsApp Integration Task – due {ReportText.Time(task.DueAt)}: {task.Title} ({task.System})",
        [new("Task", $"{task.Title} / {task.TitlePt}", false), new("Level", Level(task.Level), true), new("Next", $"whatsops tasks show {task.Id}", false)], cancellation);

    private Task TellAsync(string system, IReadOnlyList<HumanTask> overdue, CancellationToken cancellation)
    {
        var severity = overdue.Count == 0 ? Severity.Low : overdue.Max(task => task.Level) switch { 1 => Severity.Low, 2 => Severity.Medium, _ => Severity.High };
        ObservedFinding[] seen = overdue.Count == 0 ? []
            : [new("task_overdue", "tasks", system, null, null, null, severity,
                string.Create(CultureInfo.InvariantCulture, $"{overdue.Count} {(overdue.Count == 1 ? "task is" : "tasks are")} overdue, the longest since {ReportText.Time(overdue[0].DueAt)}: {overdue[0].Title}. Now with {Level(overdue.Max(task => task.Level))}."),
                new Dictionary<string, string>
                {
                    ["tasks"] = string.Join("; ", overdue.Take(Named).Select(task => $"{task.Row} {task.Period}: {task.Title} / {task.TitlePt} ({Level(task.Level)})")),
                    ["next"] = $"whatsops tasks --system {system}",
                }, null)];
        return findings.RecordAsync(new(Check: "tasks", system, null, Complete: true, time.GetUtcNow(), 1), seen, cancellation);
    }

    // R-134's three levels.
    private static string Level(int level) => level switch { 1 => "level 1, developer", 2 => "level 2, tech lead", _ => "level 3, CTO" };
}
