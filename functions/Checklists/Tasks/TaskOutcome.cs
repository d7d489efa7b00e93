namespace WhatsOps.Checklists;

/// <summary>What a person says about a task.</summary>
/// <param name="Outcome"><c>done</c>, <c>not-applicable</c>, <c>postponed</c> (with <paramref name="Until"/>) or <c>failed</c> (with <paramref name="Note"/>).</param>
public sealed record TaskOutcome(string? Outcome, string? Note, DateTimeOffset? Until);
