namespace WhatsOps.Checklists;

/// <summary>What a source says about an item.</summary>
/// <param name="Ok">False: it shows trouble, or nothing is there.</param>
/// <param name="Text">One sentence; no secrets, phone numbers masked.</param>
/// <param name="Command">How to see more; null: nothing more.</param>
public sealed record TaskEvidence(string Source, bool Ok, string Text, string? Command = null);
