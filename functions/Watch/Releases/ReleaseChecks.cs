using System.Globalization;
using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// Whether the checks of a release succeeded: tests and builds (R-036, R-037, R-038). A check that did not run on the commit of the branch is looked for at the last commit of
/// its pull request, where it ran before the merge.
/// </summary>
internal static class ReleaseChecks
{
    private const int MostNames = 8;
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static async Task ReadAsync(GitHubApi api, ReleaseTarget target, Release release, ReleaseSight sight, DateTimeOffset now, CancellationToken cancellation)
    {
        if (target.Checks.Count == 0) return;
        List<Run> runs = [];
        foreach (var sha in new[] { release.Head.Sha, release.PullRequest?.HeadSha }.OfType<string>().Distinct())
        {
            if (target.Checks.All(name => runs.Exists(run => run.Name == name && !run.IsSkipped))) break;
            var here = await RunsAsync(api, sha, cancellation);
            if (here.Value is null)
            {
                sight.NotSeen("checks", $"The checks of {release.Commit} ({string.Join(", ", target.Checks)})", here.Words);
                sight.Unseen.Add("check");
                return;
            }

            runs.AddRange(here.Value.Where(run => !runs.Exists(known => known.Name == run.Name && known.Sha != run.Sha && !known.IsSkipped)));
        }

        foreach (var name in target.Checks)
        {
            var (success, isGoing, trouble) = Judge(name, runs, release, now);
            if (success is { } known) sight.Measures.Add(new("release.check.success", known ? 1 : 0, name));
            // What failed before is no better while it runs again.
            if (isGoing) sight.Unseen.Add($"check/{name}");
            if (trouble is not null) sight.Troubles.Add(trouble with { Subject = $"check/{name}" });
        }
    }

    /// <returns>Success: null while it is not known.</returns>
    internal static (bool? Success, bool IsGoing, Trouble? Trouble) Judge(string name, IReadOnlyList<Run> all, Release release, DateTimeOffset now)
    {
        var commit = release.Commit;
        // One of each workflow that has a job of this name.
        var runs = all.Where(run => run.Name == name).ToArray();
        if (runs.Length == 0)
            return (null, false, new(TroubleKinds.Absent, Severity.Medium, $"Check {name} did not run for {commit}; {Others(all)}. Fix: is that the name that GitHub shows?"));
        if (Array.Find(runs, run => run is { Conclusion: not (null or "success"), IsSkipped: false }) is { } bad)
            return (false, false, new(TroubleKinds.Unhealthy, Severity.High, $"Check {name} of {commit} ended with {JsonReading.Plain(bad.Conclusion)}. Next: gh run list --commit {bad.Sha}"));
        // A run that is queued has no time of its own.
        if (runs.Where(run => run.Conclusion is null).MinBy(run => run.StartedAt ?? release.At) is { } going)
            return (null, true, now - (going.StartedAt ?? release.At) > Longest ? new(TroubleKinds.NotObservable, Severity.Low, $"Check {name} of {commit} has not ended for more than an hour. Next: gh run list --commit {going.Sha}") : null);
        return Array.Exists(runs, run => run.Conclusion == "success")
            ? (true, false, null)
            : (null, false, new(TroubleKinds.Absent, Severity.Medium, $"Check {name} of {commit} was skipped: nothing was tried. Next: gh run list --commit {runs[0].Sha}"));
    }

    internal static IReadOnlyList<Run>? ReadAll(JsonElement? runs) => GitHubReading.Items(runs, one =>
        one.Text("name") is { } name && one.Text("status") is { } status && one.Commit("head_sha") is { } sha
            ? new Run(name, sha, status == "completed" ? one.Text("conclusion") ?? "nothing" : null, one.Time("started_at")) : null);

    private static async Task<GitHubAnswer<IReadOnlyList<Run>>> RunsAsync(GitHubApi api, string sha, CancellationToken cancellation)
    {
        var checks = await api.ListAsync($"commits/{sha}/check-runs?per_page=100", body => ReadAll(body.At("check_runs")), cancellation);
        if (checks.Status != 403) return checks;
        // No fine-grained token can be given a right to read checks. Jobs of GitHub Actions are checks of the same names.
        var workflows = await api.ListAsync($"actions/runs?head_sha={sha}&exclude_pull_requests=true&per_page=100", Ids, cancellation);
        if (workflows.Value is null) return workflows.IsPassing ? new(null, workflows.Status, workflows.Words) : checks;
        var all = new List<Run>();
        foreach (var id in workflows.Value)
        {
            var jobs = await api.ListAsync($"actions/runs/{id}/jobs?per_page=100", body => ReadAll(body.At("jobs")), cancellation);
            if (jobs.Value is null) return jobs;
            all.AddRange(jobs.Value);
        }

        return new(all, 200, "");
    }

    private static IReadOnlyList<string>? Ids(JsonElement body) =>
        GitHubReading.Items(body.At("workflow_runs"), one => one.Number("id") is { } id ? id.ToString("0", CultureInfo.InvariantCulture) : null);

    private static string Others(IReadOnlyList<Run> all) => all.Count == 0
        ? "no check did"
        : $"there are {string.Join(", ", all.Select(run => JsonReading.Plain(run.Name)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(MostNames))}";

    /// <param name="Conclusion">Null: it has not ended.</param>
    internal sealed record Run(string Name, string Sha, string? Conclusion, DateTimeOffset? StartedAt)
    {
        public bool IsSkipped => Conclusion is "skipped" or "neutral";
    }
}
