using System.Text.Json;

namespace WhatsOps.Watch;

/// <summary>The newest commit of a branch (<c>GET branches/{branch}</c>).</summary>
/// <param name="CommittedAt">Null: not told.</param>
internal sealed record BranchHead(string Sha, DateTimeOffset? CommittedAt)
{
    public static BranchHead? Read(JsonElement body) => body.Commit("commit", "sha") is { } sha ? new(sha, body.Time("commit", "commit", "committer", "date")) : null;
}
