using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>One finding that a message tells about, with all that the message says of it.</summary>
/// <param name="Finding">With the severity as told.</param>
internal sealed record AlertLine(AlertEvent Event, Finding Finding)
{
    /// <summary>As the check gave it, when that is another one.</summary>
    public Severity? CheckSeverity { get; init; }

    public IReadOnlyList<AttemptedRemedy> Tried { get; init; } = [];

    /// <summary>Who was told before.</summary>
    public IReadOnlyList<Telling> Told { get; init; } = [];

    /// <summary>How many findings it holds back.</summary>
    public int HoldsBack { get; init; }

    /// <summary>The level told now; null outside an escalation.</summary>
    public string? Level { get; init; }

    /// <summary>How long nobody has acknowledged it.</summary>
    public TimeSpan Unattended { get; init; }
}
