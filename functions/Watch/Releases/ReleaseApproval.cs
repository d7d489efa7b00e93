using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// Whether people approved of what a branch is at: it came by a pull request, an owner, member or collaborator approved that, and nobody of them had
/// last said that it needs changes when it was merged. On a public repository anybody may review, so the word of others counts as little as a bot's; an approval counts
/// whichever commit of the pull request it was given to, and whenever.
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
            sight.NotSeen("approval", $"Who approved pull request {pull.Number}", reviews.Words);
            return;
        }

        var (approvals, refusals, others) = Count(reviews.Value, pull.MergedAt);
        if (approvals == 0 && refusals == 0 && others > 0)
        {
            // GitHub may not tell a token who is a member.
            sight.NotSeen("approval", $"Who approved pull request {pull.Number}", $"Those who did are neither members nor collaborators, as far as GitHub tells. Next: gh pr view {pull.Number}. Fix: the approval of one, or a token of a member.");
            return;
        }

        sight.Measures.Add(new("release.approved", approvals > 0 && refusals == 0 ? 1 : 0));
        if (refusals > 0)
            sight.Troubles.Add(Unsound($"Pull request {pull.Number} was merged into {release.Branch} although {refusals} of its reviewers want changes. Next: gh pr view {pull.Number}"));
        else if (approvals == 0)
            sight.Troubles.Add(Unsound($"Pull request {pull.Number} was merged into {release.Branch} without an approval. Next: gh pr view {pull.Number}. Fix: a rule of the branch that wants one."));
    }

    /// <summary>How many of the repository approve and want changes, and how many others approve, by the last word of each.</summary>
    /// <param name="reviews">In the order of time, as GitHub lists them.</param>
    /// <param name="mergedAt">Who wants changes after it is too late to count.</param>
    internal static (int Approvals, int Refusals, int Others) Count(IReadOnlyList<Review> reviews, DateTimeOffset? mergedAt)
    {
        // A comment takes nothing back.
        var last = reviews.Where(review => !review.IsBot && review.State is "APPROVED" or "CHANGES_REQUESTED" or "DISMISSED" && !(review.State == "CHANGES_REQUESTED" && review.SubmittedAt > mergedAt))
            .GroupBy(review => review.User).Select(mine => mine.Last()).ToArray();
        return (last.Count(review => review is { IsOurs: true, State: "APPROVED" }), last.Count(review => review is { IsOurs: true, State: "CHANGES_REQUESTED" }), last.Count(review => review is { IsOurs: false, State: "APPROVED" }));
    }

    internal static IReadOnlyList<Review>? ReadAll(JsonElement body) => GitHubReading.Items(body, one => one.Text("state") is { } state
        ? new Review(one.Number("user", "id"), one.Text("user", "type") == "Bot", state, one.Text("author_association") is "OWNER" or "MEMBER" or "COLLABORATOR", one.Time("submitted_at")) : null);

    private static Trouble Unsound(string cause) => new(TroubleKinds.ReleaseUnsound, Severity.High, cause) { Subject = "approval" };

    /// <param name="User">Null: the account is gone.</param>
    /// <param name="IsOurs">True: of an owner, member or collaborator of the repository.</param>
    /// <param name="SubmittedAt">Null: not told.</param>
    internal sealed record Review(double? User, bool IsBot, string State, bool IsOurs, DateTimeOffset? SubmittedAt);
}
