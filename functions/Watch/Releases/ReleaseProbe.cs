using System.Collections.Concurrent;
using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// Looks at what was released, over GitHub's REST API: how the head of a branch came there (R-034, R-035), its checks (R-036, R-037, R-038), scans by the clock (R-201, R-248),
/// and whether it is what runs (R-032).
/// </summary>
internal sealed class ReleaseProbe(WatchHttp http, TimeProvider time) : IProbe
{
    // Some ten requests, one after another.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, GitHubMemory> _memories = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string ApiUrl, string? Token), GitHubPause> _pauses = new();

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Releases ?? []).Select(target =>
        new Look("release/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Patience, token => ReadAsync(system, target, token)) { IsGentle = true });

    private async Task<Reading> ReadAsync(FleetSystem system, ReleaseTarget target, CancellationToken cancellation)
    {
        // Another token is another reader, who may see more.
        var memory = _memories.GetOrAdd($"{system.Name}/{target.Name} {target.ApiUrl} {target.Repository} {target.Token}", _ => new());
        var api = new GitHubApi(http, target, memory, _pauses.GetOrAdd((target.ApiUrl, target.Token), _ => new()), time);
        var sight = new ReleaseSight();
        try
        {
            var head = await api.GetAsync($"branches/{Uri.EscapeDataString(target.Branch)}", BranchHead.Read, cancellation);
            if (head.Value is null) return Refusal(target, head);
            var words = await LookAsync(system, target, api, head.Value, sight, cancellation);
            memory.Finish();
            if (api.Remaining is { } remaining) sight.Measures.Add(new("release.requests.remaining", remaining));
            return Reading.Seen(words, sight.Measures, sight.Troubles) with { Unseen = sight.Unseen };
        }
        catch (GitHubLimitException limit)
        {
            var words = $"{limit.Message} Fix: {(target.Token is null ? "a token; strangers have 60 requests an hour, all of one address together." : "a token that nobody else uses, or a longer everySeconds.")}";
            return Reading.Seen(words, sight.Measures, [.. sight.Troubles, new(TroubleKinds.NotObservable, Severity.Medium, words)]) with { Unseen = [""] };
        }
    }

    private async Task<string> LookAsync(FleetSystem system, ReleaseTarget target, GitHubApi api, BranchHead head, ReleaseSight sight, CancellationToken cancellation)
    {
        var pulls = await api.ListAsync($"commits/{head.Sha}/pulls?per_page=100", PullRequest.ReadAll, cancellation);
        var release = new Release(target.Branch, head, pulls.Value is { } all ? PullRequest.Into(all, target.Branch) : null);
        var now = time.GetUtcNow();
        if (release.At is { } at) sight.Measures.Add(new("release.age.hours", (now - at).TotalHours));
        var runs = "";
        if (system.Watch?.Http.FirstOrDefault(one => one.Name == target.Version) is { } version)
            runs = $"; {await ReleaseDeployment.ReadAsync(api, await RunningCommit.ReadAsync(http, version, time, cancellation), target, release, sight, now, cancellation)}";

        if (pulls.Value is null) sight.NotSeen("approval", $"How {release.Commit} came into {target.Branch}", pulls.Words);
        else await ReleaseApproval.ReadAsync(api, release, sight, cancellation);
        if (target.Changelog is { } changelog)
        {
            if (pulls.Value is null) sight.NotSeen("changelog", $"How {release.Commit} came into {target.Branch}, and whether with {changelog},", pulls.Words);
            else await ReleaseChangelog.ReadAsync(api, changelog, release, sight, cancellation);
        }

        await ReleaseChecks.ReadAsync(api, target, release, sight, now, cancellation);
        await ReleaseScans.ReadAsync(api, target, sight, now, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{target.Branch} is at {release.Commit}{(release.PullRequest is { } pull ? $" by pull request {pull.Number}" : "")}{(release.At is { } since ? $" since {since:yyyy-MM-dd HH:mm} UTC" : "")}{runs}.");
    }

    // The first question decides on the whole.
    private static Reading Refusal(ReleaseTarget target, GitHubAnswer<BranchHead> answer) => answer switch
    {
        { Status: 401 } => Reading.Unauthorized($"{answer.Words} Fix: a new one that may read contents, pull requests and actions of {target.Repository}."),
        { Status: 403 } => Reading.Unauthorized(answer.Words),
        { Status: 404, Message: "Branch not found" } => Reading.Absent($"{target.Repository} has no branch {target.Branch}: it was deleted or renamed. Fix: the branch that is deployed, in the fleet file."),
        { Status: 404 } => Reading.Absent($"{answer.Words} Fix: is {target.Repository} its name? A private repository needs a token that may read its contents."),
        { Status: >= 300 and < 400 } => Reading.Absent($"{answer.Words} Fix: its new name, in the fleet file."),
        _ => Reading.Unreachable(answer.Words),
    };
}
