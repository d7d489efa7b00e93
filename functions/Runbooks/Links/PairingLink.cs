namespace WhatsOps.Runbooks;

/// <summary>A link to pair one run's instance, as its rows say now.</summary>
/// <param name="Step">Path of the step that asks for the scan.</param>
/// <param name="UsedAt">When it was consumed: by the pairing, or by the end of the step or the run; null while it shows codes. Never by being looked at.</param>
/// <param name="IsPaired">Whether the pairing it asked for was proven.</param>
public sealed record PairingLink(Guid RunId, string Step, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, bool IsPaired);
