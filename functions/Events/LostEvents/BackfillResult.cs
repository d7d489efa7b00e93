namespace WhatsOps.Events;

/// <summary>What a backfill found and did.</summary>
/// <param name="Compared">Messages of the store that a webhook should have told.</param>
/// <param name="Missing">Those that never came.</param>
/// <param name="Stored">Events made of them; 0 in a dry run.</param>
/// <param name="Problem">Why not everything could be looked at; null when it was.</param>
public sealed record BackfillResult(bool DryRun, string Gateway, int Compared, int Missing, int Stored, string? Problem);
