namespace WhatsOps.Fleet;

/// <summary>One step of the escalation.</summary>
public sealed record EscalationLevel
{
    /// <summary>For people: <c>L1</c>, <c>tech lead</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Names of the routes that this level is told on.</summary>
    public required IReadOnlyList<string> Routes { get; init; }

    public EscalationMinutes AfterMinutes { get; init; } = new();
}
