namespace WhatsOps.Fleet;

/// <summary>One place that alerts go to.</summary>
public sealed record AlertRoute
{
    public required string Name { get; init; }

    /// <summary><c>slack</c> or <c>log</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Reference to the incoming-webhook URL (it is a secret).</summary>
    public string? Url { get; init; }

    public Severity MinSeverity { get; init; } = Severity.Medium;
}
