namespace WhatsOps.Runbooks;

/// <summary>Runs for one trouble or on one instance within a time.</summary>
/// <param name="Last">When the latest of them ended, or was made while it has not; null: none.</param>
/// <param name="LastWasDestructive">Whether that one could cost a pairing.</param>
public sealed record RecentAttempts(int Count, DateTimeOffset? Last, bool LastWasDestructive);
