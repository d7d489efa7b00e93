using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>What a route was last told about a place.</summary>
internal sealed record AlertNote(DateTimeOffset? ToldAt, Severity? ToldSeverity, DateTimeOffset? RecoveredAt);
