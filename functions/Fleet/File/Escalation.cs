namespace WhatsOps.Fleet;

/// <summary>Who is told of a critical or high finding while nobody acknowledges it .</summary>
public sealed record Escalation
{
    /// <summary>At most three, in order; none: no escalation.</summary>
    public IReadOnlyList<EscalationLevel> Levels { get; init; } = [];
}
