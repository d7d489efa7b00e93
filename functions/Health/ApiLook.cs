using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>One look at a part of the product's API.</summary>
/// <param name="Target"><c>supabase/rest</c> or <c>supabase/auth</c>.</param>
/// <param name="Seen">The status; null: cut off by the deadline.</param>
internal sealed record ApiLook(string Target, Observation<int>? Seen);
