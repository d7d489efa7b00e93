namespace WhatsOps.Reports;

/// <summary>Changes of state of a tenant's instances; the first sighting of an instance is none.</summary>
/// <param name="Openings">Changes to open.</param>
/// <param name="Disconnections">Changes from open to connecting, close or refused.</param>
/// <param name="Pairings">Openings right after a QR code.</param>
public sealed record Moves(long Openings, long Disconnections, long Pairings);
