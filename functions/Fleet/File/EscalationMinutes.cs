namespace WhatsOps.Fleet;

/// <summary>Minutes without an acknowledgement after which a level is told, by severity.</summary>
public sealed record EscalationMinutes
{
    /// <summary>Null: 5, 15, 30 for the first, second and third level.</summary>
    public int? Critical { get; init; }

    /// <summary>Null: 30, 60, 120.</summary>
    public int? High { get; init; }
}
