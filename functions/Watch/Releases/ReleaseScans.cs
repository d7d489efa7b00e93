using System.Globalization;
using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Whether scans such as bandit and safety have run of late, and what came of the last that ended .</summary>
internal static class ReleaseScans
{
    private const int Newest = 30;

    public static async Task ReadAsync(GitHubApi api, ReleaseTarget target, ReleaseSight sight, DateTimeOffset now, CancellationToken cancellation)
    {
        foreach (var scan in target.Scans)
        {
            var branch = scan.Branch ?? target.Branch;
            var runs = await api.GetAsync($"actions/workflows/{scan.Workflow}/runs?branch={Uri.EscapeDataString(branch)}&status=completed&exclude_pull_requests=true&per_page={Newest}", ReadAll, cancellation);
            if (runs.Value is { } all)
            {
                var last = all.FirstOrDefault(run => run.IsOf(target.Repository));
                if (last is null && runs.HasMore) sight.NotSeen(Subject(scan), $"The scan {scan.Workflow}", $"The newest {Newest} runs on {branch} are all of pull requests or of forks.");
                else Judge(scan, branch, last, sight, now);
                continue;
            }

            if (runs.Status != 404)
            {
                sight.NotSeen(Subject(scan), $"The scan {scan.Workflow}", runs.Words);
                continue;
            }

            sight.Unseen.Add(Subject(scan));
            sight.Troubles.Add(Missing(scan, $"There is no workflow {scan.Workflow}, or it is not shown to us. Fix: the name of its file in .github/workflows, and a token that may read actions."));
        }
    }

    /// <param name="last">The newest run of the repository itself that ended; null: none has.</param>
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
            sight.Troubles.Add(new(TroubleKinds.Unhealthy, Severity.High, $"The scan {scan.Workflow} of {day} ended with {JsonReading.Plain(last.Conclusion)}: it found something, or it broke. Next: gh run view {last.Id} --log-failed") { Subject = Subject(scan) });
    }

    internal static IReadOnlyList<Run>? ReadAll(JsonElement body) => GitHubReading.Items(body.At("workflow_runs"), one =>
        one.Number("id") is { } id && (one.Time("run_started_at") ?? one.Time("created_at")) is { } started && one.Text("event") is { } trigger
            ? new Run((long)id, one.Text("conclusion") ?? "nothing", started, one.Text("head_repository", "full_name"), trigger) : null);

    private static Trouble Missing(ReleaseScan scan, string cause) => new(TroubleKinds.Absent, Severity.Medium, cause) { Subject = Subject(scan) };

    private static string Subject(ReleaseScan scan) => $"scan/{scan.Workflow}";

    /// <param name="Repository">Where its commit is, <c>owner/name</c>; null: the fork is gone.</param>
    internal sealed record Run(long Id, string Conclusion, DateTimeOffset StartedAt, string? Repository, string Event)
    {
        /// <summary>False: of a fork, whose branch may have the same name, or of a pull request.</summary>
        public bool IsOf(string repository) => string.Equals(Repository, repository, StringComparison.OrdinalIgnoreCase) && !Event.StartsWith("pull_request", StringComparison.Ordinal);
    }
}
