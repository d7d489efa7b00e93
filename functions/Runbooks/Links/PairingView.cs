namespace WhatsOps.Runbooks;

/// <summary>What the page of a link shows now.</summary>
/// <param name="State"><c>preparing</c>, <c>scan</c>, <c>connected</c> or <c>over</c>.</param>
/// <param name="Qr">The QR code as a data URI; only with <c>scan</c>.</param>
/// <param name="PairingCode">To be typed instead of scanning; only where the run knows the phone's number.</param>
/// <param name="CodeSeconds">Until the gateway replaces the code, at the latest.</param>
/// <param name="LinkSeconds">Until the link ends.</param>
public sealed record PairingView(string State, string? Qr, string? PairingCode, int? CodeSeconds, int LinkSeconds);
