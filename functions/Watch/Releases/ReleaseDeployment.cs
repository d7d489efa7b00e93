using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// Whether what runs is what was released: the commit that the product names is the branch's, or an older one of it for no longer than the fleet file allows, from when
/// the oldest commit that it lacks came into the branch. One that is not in the branch was never merged.
/// </summary>
internal static class ReleaseDeployment
{
    private const string Subject = "deployed";

    /// <returns>What runs, for the end of the reading's sentence.</returns>
    public static async Task<string> ReadAsync(GitHubApi api, RunningCommit running, ReleaseTarget target, Release release, ReleaseSight sight, DateTimeOffset now, CancellationToken cancellation)
    {
        if (running.Sha is not { } sha)
        {
            sight.NotSeen(Subject, "Which commit runs", running.Words);
            return "what runs is not known";
        }

        if (release.Head.Sha.StartsWith(sha, StringComparison.Ordinal))
        {
            sight.Measures.Add(new("release.commits.undeployed", 0));
            return "it runs";
        }

        var commit = Release.Short(sha);
        // Of the commits between them the oldest, which comes first, will do: their number is told.
        var between = await api.GetAsync($"compare/{sha}...{release.Head.Sha}?per_page=1", Comparison.Read, cancellation);
        if (between.Value is { } comparison) await BehindAsync(api, comparison, commit, target, release, sight, now, cancellation);
        else if (between.Status is 404 or 422)
            sight.Troubles.Add(NotRunning(Severity.High, $"Commit {commit} runs and is not in {target.Repository}: it was built from something that was never pushed there. Fix: deploy {release.Commit}."));
        else sight.NotSeen(Subject, $"Whether {commit}, which runs, is in {release.Branch}", between.Words);
        return $"{commit} runs";
    }

    private static async Task BehindAsync(GitHubApi api, Comparison comparison, string commit, ReleaseTarget target, Release release, ReleaseSight sight, DateTimeOffset now, CancellationToken cancellation)
    {
        var since = release.At;
        // A commit is older than its merge.
        if (comparison is { BehindBy: 0, Oldest: { } oldest } && oldest.Sha != release.Head.Sha)
        {
            var pulls = await api.ListAsync($"commits/{oldest.Sha}/pulls?per_page=100", PullRequest.ReadAll, cancellation);
            if (pulls.Value is null)
            {
                sight.NotSeen(Subject, $"How {Release.Short(oldest.Sha)} came into {release.Branch}", pulls.Words);
                return;
            }

            since = PullRequest.Into(pulls.Value, release.Branch)?.MergedAt ?? oldest.CommittedAt;
        }

        Judge(comparison, since, commit, target, release, sight, now);
    }

    /// <param name="since">When the oldest commit that what runs lacks came into the branch; null: not told.</param>
    internal static void Judge(Comparison comparison, DateTimeOffset? since, string commit, ReleaseTarget target, Release release, ReleaseSight sight, DateTimeOffset now)
    {
        if (comparison.BehindBy > 0)
        {
            sight.Troubles.Add(NotRunning(Severity.High, $"Commit {commit} runs and is not in {release.Branch}: it was never merged. Next: git log {release.Commit}..{commit}. Fix: merge it, or deploy {release.Commit}."));
            return;
        }

        sight.Measures.Add(new("release.commits.undeployed", comparison.AheadBy));
        if (since is { } at && now - at > TimeSpan.FromHours(target.DeployHours))
            sight.Troubles.Add(NotRunning(Severity.Medium, $"{release.Branch} is {comparison.AheadBy} commits ahead of {commit}, which runs; the oldest of them came {(long)(now - at).TotalHours} hours ago. Fix: deploy {release.Commit}."));
    }

    private static Trouble NotRunning(Severity severity, string cause) => new(TroubleKinds.ReleaseNotRunning, severity, cause) { Subject = Subject };

    /// <summary>How far a branch is from a commit (<c>GET compare/{commit}...{branch}</c>).</summary>
    /// <param name="AheadBy">Commits that the branch alone has.</param>
    /// <param name="BehindBy">Commits that the other one alone has.</param>
    /// <param name="Oldest">Of the commits that the branch alone has; null: not told.</param>
    internal sealed record Comparison(int AheadBy, int BehindBy, BranchHead? Oldest)
    {
        public static Comparison? Read(JsonElement body) => body.Number("ahead_by") is { } ahead && body.Number("behind_by") is { } behind
            ? new((int)ahead, (int)behind, body.At("commits") is { ValueKind: JsonValueKind.Array } commits ? commits.EnumerateArray().Select(BranchHead.ReadCommit).FirstOrDefault() : null) : null;
    }
}
