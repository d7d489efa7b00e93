namespace WhatsOps.Embedded.Timers;

/// <summary>The right to run a timer now, valid while <paramref name="Fence"/> is the row's fencing number.</summary>
internal sealed record TimerLease(string Name, long Fence, DateTimeOffset? LastRun, DateTimeOffset NextRun);
