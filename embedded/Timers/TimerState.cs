namespace WhatsOps.Embedded.Timers;

/// <summary>A timer's row: what ran, what is due, and when a host last wrote it (its own clock, UTC).</summary>
internal sealed record TimerState(string Schedule, DateTimeOffset? LastRun, DateTimeOffset NextRun, DateTimeOffset Updated);
