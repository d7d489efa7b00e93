using StackExchange.Redis;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Queues that the real Bull filled.</summary>
public sealed class BullQueueTests : IAsyncLifetime
{
    private const string Queue = "CampaignQueue";
    private const string Failures = $"threshold_crossed bull-failures/redis/queues/{Queue}";
    private LocalRedis redis = null!;
    private ConnectionMultiplexer product = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await TestServers.OwnRedisAsync();
        product = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await product.DisposeAsync();
        await redis.DisposeAsync();
    }

    [Fact]
    [Capability("R-003")]
    [Capability("R-004")]
    [Source("bull", SourceState.Present, "none")]
    public async Task Jobs_are_counted_by_their_state_and_a_pause_is_said()
    {
        await BullProduct.RunAsync(redis, Queue, "jobs");
        var reading = await ReadAsync(DateTimeOffset.UtcNow);
        Assert.Equal((Outcome.Seen, 0), (reading.Outcome, reading.Troubles.Count));
        Assert.Equal(
            [("active", 0), ("completed", 2), ("delayed", 1), ("failed", 1), ("paused", 0), ("stuck", 0), ("waiting", 3)],
            reading.Measures.Where(measure => measure.Metric.StartsWith("bull.jobs.", StringComparison.Ordinal)).Select(measure => (measure.Metric["bull.jobs.".Length..], measure.Value)).OrderBy(count => count.Item1, StringComparer.Ordinal));
        Assert.InRange(Value(reading, "bull.waiting.age.seconds"), 0, 30);
        Assert.Equal(0, Value(reading, "bull.queue.paused"));

        await BullProduct.RunAsync(redis, Queue, "pause");
        reading = await ReadAsync(DateTimeOffset.UtcNow.AddHours(1));
        Assert.Equal((1, 3, 0), (Value(reading, "bull.queue.paused"), Value(reading, "bull.jobs.paused"), Value(reading, "bull.jobs.waiting")));
        Assert.InRange(Value(reading, "bull.waiting.age.seconds"), 3600, 3700);
        Assert.Equal((TroubleKinds.Unhealthy, Severity.Medium, Queue + "/paused"), Told(Assert.Single(reading.Troubles)));
    }

    [Fact]
    [Capability("R-003", Absent = true)]
    [Source("bull", SourceState.Absent, "target_absent")]
    public async Task A_queue_that_nobody_ever_used_is_absent_and_has_no_counts()
    {
        var reading = await ReadAsync(DateTimeOffset.UtcNow);
        Assert.Equal((TroubleKinds.Absent, Severity.Medium, Queue), Told(Assert.Single(reading.Troubles)));
        Assert.DoesNotContain(reading.Measures, measure => measure.Metric.StartsWith("bull.", StringComparison.Ordinal));
    }

    [Fact]
    [Source("bull", SourceState.Lying, "target_not_observable")]
    public async Task A_key_that_is_not_Bulls_leaves_the_queue_unread()
    {
        await product.GetDatabase().StringSetAsync($"bull:{Queue}:wait", "not a list");
        Assert.Equal((TroubleKinds.NotObservable, Severity.Low, Queue), Told(Assert.Single((await ReadAsync(DateTimeOffset.UtcNow)).Troubles)));
    }

    [Fact]
    public async Task A_job_is_stuck_when_it_is_active_for_more_than_five_minutes_without_a_worker_that_holds_it()
    {
        using var worker = await BullProduct.TakeAsync(redis, Queue);
        var taken = DateTimeOffset.FromUnixTimeMilliseconds((long)await product.GetDatabase().HashGetAsync($"bull:{Queue}:1", "processedOn"));
        var held = await ReadAsync(taken.AddHours(1));
        Assert.Equal((1, 0, 0), (Value(held, "bull.jobs.active"), Value(held, "bull.jobs.stuck"), held.Troubles.Count));

        worker.Kill();
        await worker.WaitForExitAsync();
        while (await product.GetDatabase().KeyExistsAsync($"bull:{Queue}:1:lock")) await Task.Delay(50);
        var under = await ReadAsync(taken.AddMinutes(5));
        Assert.Equal((1, 0, 0), (Value(under, "bull.jobs.active"), Value(under, "bull.jobs.stuck"), under.Troubles.Count));
        var over = await ReadAsync(taken.AddMinutes(5).AddMilliseconds(1));
        Assert.Equal(1, Value(over, "bull.jobs.stuck"));
        Assert.Equal((TroubleKinds.Unhealthy, Severity.High, Queue + "/stuck"), Told(Assert.Single(over.Troubles)));
    }

    [Fact]
    [Capability("R-007")]
    public async Task A_worker_is_dead_when_its_repeated_job_was_due_more_than_two_minutes_ago()
    {
        await BullProduct.RunAsync(redis, Queue, "repeat");
        var due = DateTimeOffset.FromUnixTimeMilliseconds((long)(await product.GetDatabase().SortedSetRangeByRankWithScoresAsync($"bull:{Queue}:repeat"))[0].Score);
        Assert.Equal(0, Value(await ReadAsync(due.AddSeconds(-1)), "bull.repeat.late.seconds"));
        var under = await ReadAsync(due.AddMinutes(2));
        Assert.Equal((120, 0), (Value(under, "bull.repeat.late.seconds"), under.Troubles.Count));
        var over = Assert.Single((await ReadAsync(due.AddMinutes(2).AddMilliseconds(1))).Troubles);
        Assert.Equal((TroubleKinds.Unhealthy, Severity.High, Queue + "/repeat"), Told(over));
        Assert.Contains("VerifyCampaignsDaatabase", over.Cause, StringComparison.Ordinal);

        await BullProduct.RunAsync(redis, Queue, "pause");
        Assert.Equal(Queue + "/paused", Assert.Single((await ReadAsync(due.AddHours(1))).Troubles).Subject);
    }

    [Fact]
    public async Task A_repeated_job_that_has_ended_is_nobodys_fault()
    {
        await BullProduct.RunAsync(redis, Queue, "repeatUntil");
        Assert.True(await product.GetDatabase().KeyExistsAsync($"bull:{Queue}:repeat"));
        Assert.Empty((await ReadAsync(DateTimeOffset.UtcNow.AddHours(1))).Troubles);
    }

    [Fact]
    [Capability("R-003")]
    public async Task Jobs_that_failed_within_the_hour_are_told_for_as_long_as_the_queue_is_not_seen_and_not_because_they_are_kept()
    {
        await BullProduct.RunAsync(redis, Queue, "failures");
        await BullProduct.RunAsync(redis, "MessageQueue", "jobs");
        await using var world = await WatchWorld.StartAsync(new() { Redis = [new() { Name = "queues", ConnectionString = redis.ConnectionString, BullQueues = [Queue, "MessageQueue"] }] });
        await world.TickAsync();
        // They may have failed long ago.
        Assert.DoesNotContain(Failures, await world.OpenAsync());

        await BullProduct.RunAsync(redis, Queue, "failures");
        await world.TickAsync();
        Assert.Contains(Failures, await world.OpenAsync());
        Assert.Equal(22, await world.ValueAsync("redis/queues", "bull.jobs.failed", Queue));

        await product.GetDatabase().StringSetAsync($"bull:{Queue}:wait", "not a list");
        for (var look = 0; look < 6; look++) await world.TickAsync(TimeSpan.FromMinutes(15));
        Assert.Contains(Failures, await world.OpenAsync());
        await product.GetDatabase().KeyDeleteAsync($"bull:{Queue}:wait");
        for (var look = 0; look < 2; look++) await world.TickAsync();
        Assert.DoesNotContain(Failures, await world.OpenAsync());
    }

    private Task<Reading> ReadAsync(DateTimeOffset now) =>
        RedisProbeTests.ReadAsync(new() { Name = "queues", ConnectionString = redis.ConnectionString, BullQueues = [Queue] }, new PinnedTime(now));

    private static double Value(Reading reading, string metric) => reading.Measures.Single(measure => measure.Metric == metric).Value;

    private static (string Kind, Severity Severity, string Subject) Told(Trouble trouble) => (trouble.Kind, trouble.Severity, trouble.Subject);
}
