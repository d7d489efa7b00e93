namespace WhatsOps.Fleet;

/// <summary>A workflow of GitHub Actions that runs by the clock, such as bandit or safety. It is watched and never started.</summary>
public sealed record ReleaseScan
{
    /// <summary>Name of its file in <c>.github/workflows</c>, e.g. <c>bandit.yml</c>; unique in its target.</summary>
    public required string Workflow { get; init; }

    /// <summary>Days within which it must have run, 1 to 365.</summary>
    public int EveryDays { get; init; } = 7;

    /// <summary>The branch whose runs count; null: the target's. A schedule runs on the repository's default branch.</summary>
    public string? Branch { get; init; }
}
