using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>What a canary is judged by.</summary>
/// <param name="Echo">The event that told of the message; null: none.</param>
/// <param name="State">A direct look at the instance now; null: not asked, since it does not matter.</param>
/// <param name="AreEventsArriving">Whether anything of its gateway came by webhook lately.</param>
internal sealed record CanaryFacts(string? Echo, Observation<InstanceState>? State, bool AreEventsArriving);
