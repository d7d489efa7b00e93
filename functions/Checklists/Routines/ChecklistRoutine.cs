using System.Globalization;
using Microsoft.Extensions.Logging;
using WhatsOps.Alerts;
using WhatsOps.Routines;

namespace WhatsOps.Checklists;

/// <summary>
/// One of the manual's lists by the clock: what a machine can judge is settled with its evidence, the rest is asked of people with a due date. An item
/// that fails to be judged blocks no other.
/// </summary>
internal abstract class ChecklistRoutine(Checklist checklist, EvidenceCollector evidence, TaskStore tasks, IAnnouncements announcements, TimeProvider time, ILogger log) : IRoutine
{
    public abstract string Name { get; }

    public abstract string Summary { get; }

    public abstract string DefaultSchedule { get; }

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var period = checklist.PeriodOf(TimeZoneInfo.ConvertTime(call.Due, call.Zone).DateTime);
        var results = new List<(ChecklistItem Item, string Result)>();
        foreach (var item in ChecklistItem.Of(checklist, call.System))
            results.Add((item, await ItemAsync(call, item, period, cancellation)));

        int Count(string result) => results.Count(one => one.Result == result);
        var asked = results.Where(one => one.Result == "asked").Select(one => one.Item).ToArray();
        var failed = results.Where(one => one.Result == "failed").Select(one => one.Item.Title).ToArray();
        var summary = string.Create(CultureInfo.InvariantCulture, $"{checklist.Name} {period}: {Count("done")} done, {Count("failed")} failed, {Count("asked")} asked of people, {Count("known")} known already");
        if (asked.Length > 0 || failed.Length > 0)
            await announcements.AnnounceAsync(
                call.System.Name, $"checklist/{call.System.Name}/{checklist.Name}/{period}", $"📋 INFO: WhatsApp Integration Checklist – {summary} ({call.System.Name})",
                [
                    new("System", call.System.Name, true), .. failed.Length == 0 ? Array.Empty<AlertField>() : [new AlertField("Failed", string.Join('\n', failed), false)],
                    .. asked.Length == 0 ? Array.Empty<AlertField>() : [new AlertField("To do", string.Join('\n', asked.Select(item => $"{item.Title} / {item.TitlePt}")), false)],
                    new("Next", $"whatsops tasks --system {call.System.Name}", false),
                ],
                cancellation);
        return new(Count("unjudged") == 0, $"{summary}.", results.Select(one => new { one.Item.Row, one.Item.Title, one.Result }).ToArray());
    }

    private async Task<string> ItemAsync(RoutineCall call, ChecklistItem item, string period, CancellationToken cancellation)
    {
        try
        {
            // Yesterday's daily item is nobody's any more; the longer ones stay until they are done.
            if (checklist == Checklist.Daily) await tasks.SupersedeAsync(call.System.Name, item.Row, period, cancellation);
            var found = await evidence.CollectAsync(call.System, item, checklist.Fresh, time.GetUtcNow(), cancellation);
            TaskState? settled = !EvidenceCollector.CanJudge(item, call.System) ? null : found.All(one => one.Ok) ? TaskState.Done : TaskState.Failed;
            var isNew = await tasks.AddAsync(
                new(call.System.Name, item.Row, checklist.Name, period, item.Title, item.TitlePt, checklist.Due, found) { Level = item.Level, Settled = settled }, cancellation);
            return !isNew ? "known" : settled switch { null => "asked", TaskState.Done => "done", _ => "failed" };
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // The type only: a message may quote an address or a value.
            log.LogError("Item {Row} of {System} was not judged: {Problem}", item.Row, call.System.Name, problem.GetType().Name);
            return "unjudged";
        }
    }
}
