namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A clock that stands still, with timers that run.</summary>
internal sealed class PinnedTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}
