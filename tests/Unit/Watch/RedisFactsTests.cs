using CsCheck;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>What Redis writes, read without a server.</summary>
public sealed class RedisFactsTests
{
    [Theory]
    [InlineData("256mb", "268435456", true)]
    [InlineData("256MB", "268435455", false)]
    [InlineData("1k", "1000", true)]
    [InlineData("1kb", "1024", true)]
    [InlineData("1gb", "1073741824", true)]
    [InlineData("allkeys-lru", "ALLKEYS-LRU", true)]
    [InlineData("allkeys-lru", "allkeys-lfu", false)]
    [InlineData("900 1 300 10 60 10000", "900 1  300 10 60 10000", true)]
    [InlineData("900 1 300 10 60 10000", "900 1 300 10", false)]
    [InlineData("\"\"", "", true)]
    [InlineData("", "900 1", false)]
    public void Settings_are_compared_as_Redis_means_them(string wanted, string found, bool same) => Assert.Equal(same, RedisSettings.AreSame(wanted, found));

    [Fact]
    public void What_INFO_does_not_tell_is_no_number()
    {
        var info = new RedisInfo("# Memory\r\nused_memory:1024\r\nmaxmemory_policy:noeviction\r\nmaster_link:a:b\r\nbroken\r\n:\r\n");
        Assert.Equal((1024, "noeviction", "a:b"), (info.Number("used_memory"), info.Text("maxmemory_policy"), info.Text("master_link")));
        Assert.Equal((null, null, null), (info.Number("maxmemory"), info.Number("maxmemory_policy"), info.Text("broken")));
        Assert.Equal(["redis.memory.used.bytes"], RedisVitals.Measures(info, DateTimeOffset.UnixEpoch).Select(measure => measure.Metric));
    }

    [Fact]
    public void No_answer_breaks_the_reading() => Gen.String.Sample(answer =>
    {
        var info = new RedisInfo(answer);
        _ = RedisVitals.Measures(info, DateTimeOffset.UnixEpoch).ToArray();
        _ = RedisVitals.Troubles(info, new() { Name = "cache", ConnectionString = "", BullQueues = ["q"] }).ToArray();
    });
}
