namespace WhatsOps.Reports;

/// <summary>What one tenant got within a window.</summary>
/// <param name="MessagesIn">Events messages.upsert; null when the system does not subscribe to them.</param>
/// <param name="MessagesOut">Events send.message; null when the system does not subscribe to them.</param>
/// <param name="Reauthentications">Openings within five minutes after a QR code: somebody paired the phone anew.</param>
/// <param name="LostEvents">Events that never reached the product; null when nothing is delivered to it.</param>
/// <param name="SlaMinutes">Minutes that it may be down within the window.</param>
/// <param name="SlaKept">Of the time that was seen; null when that was less than 90 percent of the window and does not break the promise by itself.</param>
public sealed record TenantService(
    string Tenant, decimal? UptimePercent, decimal? CoveragePercent, decimal DownMinutes, decimal SlaMinutes, bool? SlaKept, long? MessagesIn, long? MessagesOut,
    long Reauthentications, long Disconnections, long? LostEvents);
