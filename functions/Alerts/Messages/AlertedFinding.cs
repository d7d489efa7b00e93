using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>One finding of a message, for machines.</summary>
/// <param name="Level">The level of the escalation that is told; null outside one.</param>
/// <param name="Severity">As told.</param>
public sealed record AlertedFinding(
    long Id, AlertEvent Event, string? Level, string Kind, string? Gateway, string? Tenant, string? Instance, Severity Severity, string Cause, DateTimeOffset Since);
