namespace WhatsOps.Fleet;

/// <summary>Two instances made for testing, of no customer: with the token of each the isolation audit tries to read the other.</summary>
public sealed record IsolationTestOptions
{
    /// <summary>Two exact instance names.</summary>
    public IReadOnlyList<string> Instances { get; init; } = [];
}
