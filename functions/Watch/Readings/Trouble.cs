using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Something wrong that a look saw by itself, without a rule.</summary>
/// <param name="Kind">Kind of the finding.</param>
/// <param name="Cause">One sentence for a person at 3 a.m., with the fix or the next command; no secrets, phone numbers masked.</param>
internal sealed record Trouble(string Kind, Severity Severity, string Cause)
{
    /// <summary>What of the target it is of; empty: the target.</summary>
    public string Subject { get; init; } = "";

    public IReadOnlyDictionary<string, string> Evidence { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of the runbook that would fix it; null: none does.</summary>
    public string? Remedy { get; init; }
}
