namespace WhatsOps.Events;

/// <summary>How silent a tenant's line is, against its own habit.</summary>
/// <param name="Last">Last traffic within eight days; null: none.</param>
/// <param name="Normal">Lengths of the silences around the same moment of the last four weeks; a week without traffic on both sides gives none.</param>
public sealed record TrafficSilence(DateTimeOffset? Last, IReadOnlyList<TimeSpan> Normal);
