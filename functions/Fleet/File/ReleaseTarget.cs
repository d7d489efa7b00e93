namespace WhatsOps.Fleet;

/// <summary>
/// What was released of a product, by GitHub's REST API, which is only read: the head of a branch, the pull request that brought it, its checks, and scans that run by
/// the clock.
/// </summary>
public sealed record ReleaseTarget : WatchTarget
{
    /// <summary><c>owner/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>The branch that is deployed.</summary>
    public string Branch { get; init; } = "main";

    /// <summary>A reference to a token that may read contents, pull requests and actions; null: a public repository, with 60 requests an hour for this address, all targets and other programs together.</summary>
    public string? Token { get; init; }

    /// <summary>Absolute address of the API; of a GitHub Enterprise Server <c>https://HOST/api/v3</c>.</summary>
    public string ApiUrl { get; init; } = "https://api.github.com";

    /// <summary>A file that every release must change, e.g. <c>anexos/notas-de-versao.md</c>; null: none must.</summary>
    public string? Changelog { get; init; }

    /// <summary>Names of check runs that must have succeeded, as GitHub shows them: <c>backend-tests</c>.</summary>
    public IReadOnlyList<string> Checks { get; init; } = [];

    /// <summary>Workflows that must have run of late, and succeeded.</summary>
    public IReadOnlyList<ReleaseScan> Scans { get; init; } = [];

    /// <summary>Name of the target in <c>http</c>, of shape <c>taktchat_version</c>, that tells which commit runs; null: that is not compared.</summary>
    public string? Version { get; init; }

    /// <summary>Hours that what runs may lack a commit of the branch, 1 to 8,760; from when the oldest that it lacks was merged or, if it was pushed, committed.</summary>
    public int DeployHours { get; init; } = 24;

    /// <summary>Without a token a look costs some eight of 60 requests.</summary>
    protected override int UsualSeconds => Token is null ? 1800 : 900;
}
