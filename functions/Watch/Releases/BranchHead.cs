using System.Text.Json;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>A commit: the newest of a branch (<c>GET branches/{branch}</c>), or one of a list.</summary>
/// <param name="CommittedAt">Null: not told.</param>
internal sealed record BranchHead(string Sha, DateTimeOffset? CommittedAt)
{
    public static BranchHead? Read(JsonElement body) => body.At("commit") is { } commit ? ReadCommit(commit) : null;

    public static BranchHead? ReadCommit(JsonElement commit) => commit.Commit("sha") is { } sha ? new(sha, commit.Time("commit", "committer", "date")) : null;
}
