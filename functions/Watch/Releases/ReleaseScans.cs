using System.Globalization;
using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Whether scans such as bandit and safety have run of late, and what came of the last that ended .</summary>
internal static class ReleaseScans
{
    public static async Task ReadAsync(GitHubApi api, ReleaseTarget target, ReleaseSight sight, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var scan in target.Scans)
        {
            var branch = scan.Branch ?? target.Branch;
            var runs = await api.GetAsync($"actions/workflows/{scan.Workflow}/runs?branch={Uri.EscapeDataString(branch)}&status=completed&exclude_pull_requests=true&per_page=1", ReadAll, cancellation);
            if (runs.Value is { } all) Judge(scan, branch, all.Count == 0 ? null : all[0], sight, now);
            else if (runs.Status != 404) sight.NotSeen($"scan/{scan.Workflow}", $"The scan {scan.Workflow}", runs);
            else sight.Troubles.Add(Missing(scan, $"There is no workflow {scan.Workflow}, or it is not shown to us. Fix: the name of its file in .github/workflows, and a token that may read actions."));
        }
    }

    /// <param name="last">The newest run that ended; null: none has.</param>
    internal static void Judge(ReleaseScan scan, string branch, Run? last, ReleaseSight sight, DateTimeOffset now)
    {
        if (last is null)
        {
            sight.Troubles.Add(Missing(scan, $"The scan {scan.Workflow} has never run on {branch}. Fix: gh workflow run {scan.Workflow} --ref {branch}"));
            return;
        }

        var (age, day) = (now - last.StartedAt, last.StartedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        sight.Measures.Add(new("release.scan.age.days", age.TotalDays, scan.Workflow));
        if (age > TimeSpan.FromDays(scan.EveryDays))
        {
            // GitHub switches schedules off where nothing has happened for 60 days.
            var late = Missing(scan, $"The scan {scan.Workflow} ran last on {day}, more than {scan.EveryDays} days ago. Fix: gh workflow enable {scan.Workflow}, then gh workflow run {scan.Workflow} --ref {branch}");
            sight.Troubles.Add(late with { Subject = late.Subject + "/age" });
        }

        if (last.Conclusion is "skipped" or "neutral" or "cancelled" or "stale")
        {
            sight.Troubles.Add(Missing(scan, $"The scan {scan.Workflow} of {day} ended with {last.Conclusion}: nothing was looked for. Next: gh run view {last.Id}"));
            return;
        }

        sight.Measures.Add(new("release.scan.success", last.Conclusion == "success" ? 1 : 0, scan.Workflow));
        if (last.Conclusion != "success")
            sight.Troubles.Add(new(TroubleKinds.Unhealthy, Severity.High, $"The scan {scan.Workflow} of {day} ended with {JsonReading.Plain(last.Conclusion)}: it found something, or it broke. Next: gh run view {last.Id} --log-failed") { Subject = $"scan/{scan.Workflow}" });
    }

    internal static IReadOnlyList<Run>? ReadAll(JsonElement body) => GitHubReading.Items(body.At("workflow_runs"), one =>
        one.Number("id") is { } id && (one.Time("run_started_at") ?? one.Time("created_at")) is { } started ? new Run((long)id, one.Text("conclusion") ?? "nothing", started) : null);

    private static Trouble Missing(ReleaseScan scan, string cause) => new(TroubleKinds.Absent, Severity.Medium, cause) { Subject = $"scan/{scan.Workflow}" };

    internal sealed record Run(long Id, string Conclusion, DateTimeOffset StartedAt);
}
