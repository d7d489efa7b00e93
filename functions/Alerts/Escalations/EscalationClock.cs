using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>How long a place has been waiting for somebody to acknowledge it.</summary>
/// <param name="Severity">The worst it has been since then; it says which minutes count.</param>
/// <param name="Level">How many levels have been told.</param>
internal sealed record EscalationClock(DateTimeOffset StartedAt, Severity Severity, int Level);
