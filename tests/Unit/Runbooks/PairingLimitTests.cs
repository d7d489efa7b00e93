using Microsoft.Extensions.Time.Testing;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

public sealed class PairingLimitTests
{
    [Fact]
    public void A_link_may_be_asked_120_times_a_minute_and_others_do_not_share_its_number()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var limit = new PairingLimit(time);
        Assert.All(Enumerable.Range(0, 120), _ => Assert.True(limit.Allows("a")));
        Assert.False(limit.Allows("a"));
        Assert.True(limit.Allows("b"));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(limit.Allows("a"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limit.Allows("a"));
    }
}
