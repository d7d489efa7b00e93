using Microsoft.Extensions.Time.Testing;
using WhatsOps.Embedded.Durable;

namespace WhatsOps.Tests.Unit.Durable;

public sealed class DurableTimersTests
{
    [Fact]
    public void Timers_fire_in_order_at_their_time_however_far_away_and_not_when_cancelled()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var timers = new DurableTimers(time);
        var fired = new List<string>();
        var start = time.GetUtcNow().UtcDateTime;
        timers.Schedule(start.AddDays(60), () => fired.Add("two months"));
        timers.Schedule(start.AddSeconds(2), () => fired.Add("two"));
        timers.Schedule(start.AddSeconds(1), () => fired.Add("one"));
        timers.Schedule(start.AddSeconds(1.5), () => fired.Add("cancelled")).Dispose();

        time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(["one"], fired);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["one", "two"], fired);
        for (var day = 0; day < 59; day++) time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["one", "two"], fired);
        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(["one", "two", "two months"], fired);
    }
}
