namespace WhatsOps.Routines;

/// <summary>Where the clock of one routine of one system stands.</summary>
/// <param name="LastDue">The last due time that is settled; the time it was first seen before any.</param>
/// <param name="Attempts">Failed attempts at the due time that is not settled yet.</param>
/// <param name="RetryAt">Not before; null: at once.</param>
internal sealed record RoutineState(DateTimeOffset LastDue, int Attempts, DateTimeOffset? RetryAt, DateTimeOffset? LeasedUntil);
