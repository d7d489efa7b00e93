namespace WhatsOps.Watch;

/// <summary>What a branch is at, and how that came there.</summary>
/// <param name="PullRequest">Null: none brought it.</param>
internal sealed record Release(string Branch, BranchHead Head, PullRequest? PullRequest)
{
    /// <summary>Since when the branch is at it; null: not told.</summary>
    public DateTimeOffset? At => PullRequest?.MergedAt ?? Head.CommittedAt;

    public string Commit => Short(Head.Sha);

    /// <summary>For people, as git shows a commit.</summary>
    public static string Short(string sha) => sha[..Math.Min(sha.Length, 7)];
}
