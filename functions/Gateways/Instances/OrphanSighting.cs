namespace WhatsOps.Gateways;

/// <summary>How long an instance has been nobody's.</summary>
/// <param name="QuarantinedAt">When a clean-up silenced it (webhook off, logged out); null: not yet.</param>
public sealed record OrphanSighting(
    string System, string Gateway, string Instance, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, DateTimeOffset? QuarantinedAt);
