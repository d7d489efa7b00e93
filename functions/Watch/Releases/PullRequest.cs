using System.Text.Json;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>A pull request that a commit belongs to (<c>GET commits/{sha}/pulls</c>).</summary>
/// <param name="MergedAt">Null: it is not merged.</param>
/// <param name="HeadSha">The last commit of its own branch, which its checks ran on.</param>
internal sealed record PullRequest(int Number, DateTimeOffset? MergedAt, string Base, string HeadSha)
{
    public static IReadOnlyList<PullRequest>? ReadAll(JsonElement body) => GitHubReading.Items(body, one =>
        one.Number("number") is { } number && one.Text("base", "ref") is { } branch && one.Commit("head", "sha") is { } head ? new PullRequest((int)number, one.Time("merged_at"), branch, head) : null);

    /// <summary>The one that brought the commit into a branch; null: none did.</summary>
    public static PullRequest? Into(IEnumerable<PullRequest> all, string branch) => all.Where(one => one.MergedAt is not null && one.Base == branch).MaxBy(one => one.MergedAt);
}
