using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// Whether people approved of what a branch is at: it came by a pull request, somebody approved that, and nobody's last word is that it needs changes. The word of a
/// bot does not count; an approval counts whichever commit of the pull request it was given to.
/// </summary>
internal static class ReleaseApproval
{
    public static async Task ReadAsync(GitHubApi api, Release release, ReleaseSight sight, CancellationToken cancellation)
    {
        if (release.PullRequest is not { } pull)
        {
            sight.Measures.Add(new("release.approved", 0));
            sight.Troubles.Add(Unsound($"Commit {release.Commit} came into {release.Branch} without a pull request: nobody approved it. Next: git show {release.Commit}. Fix: a rule of the branch that wants pull requests."));
            return;
        }

        var reviews = await api.ListAsync($"pulls/{pull.Number}/reviews?per_page=100", ReadAll, cancellation);
        if (reviews.Value is null)
        {
            sight.NotSeen("approval", $"Who approved pull request {pull.Number}", reviews);
            return;
        }

        var (approvals, refusals) = Count(reviews.Value);
        sight.Measures.Add(new("release.approved", approvals > 0 && refusals == 0 ? 1 : 0));
        if (refusals > 0)
            sight.Troubles.Add(Unsound($"Pull request {pull.Number} was merged into {release.Branch} although {refusals} of its reviewers want changes. Next: gh pr view {pull.Number}"));
        else if (approvals == 0)
            sight.Troubles.Add(Unsound($"Pull request {pull.Number} was merged into {release.Branch} without an approval. Next: gh pr view {pull.Number}. Fix: a rule of the branch that wants one."));
    }

    /// <summary>How many approve and how many want changes, by the last word of each.</summary>
    /// <param name="reviews">In the order of time, as GitHub lists them.</param>
    internal static (int Approvals, int Refusals) Count(IReadOnlyList<Review> reviews)
    {
        // A comment takes nothing back.
        var last = reviews.Where(review => !review.IsBot && review.State is "APPROVED" or "CHANGES_REQUESTED" or "DISMISSED").GroupBy(review => review.User).Select(mine => mine.Last().State).ToArray();
        return (last.Count(state => state == "APPROVED"), last.Count(state => state == "CHANGES_REQUESTED"));
    }

    internal static IReadOnlyList<Review>? ReadAll(JsonElement body) => GitHubReading.Items(body, one =>
        one.Text("state") is { } state ? new Review(one.Number("user", "id"), one.Text("user", "type") == "Bot", state) : null);

    private static Trouble Unsound(string cause) => new(TroubleKinds.ReleaseUnsound, Severity.High, cause) { Subject = "approval" };

    /// <param name="User">Null: the account is gone.</param>
    internal sealed record Review(double? User, bool IsBot, string State);
}
