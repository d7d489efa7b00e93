namespace WhatsOps.Embedded.Timers;

/// <summary>How long a silent process keeps a timer, and how often a living one says that it still runs.</summary>
internal sealed record TimerLeaseOptions(TimeSpan Duration, TimeSpan Heartbeat)
{
    public static readonly TimerLeaseOptions Default = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));
}
