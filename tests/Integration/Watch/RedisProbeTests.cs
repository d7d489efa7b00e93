using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Moq;
using StackExchange.Redis;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

public sealed class RedisProbeTests
{
    // As docs/watch.md has it.
    private const string Rights = "resetchannels -@all ~bull:* +ping +echo +info +config|get +exists +llen +lindex +lrange +zcard +zrange +hget +hmget";

    private static readonly RedisTarget Manual = new()
    {
        Name = "cache", ConnectionString = "", MustPersist = true,
        Settings = new Dictionary<string, string> { ["maxmemory"] = "256mb", ["maxmemory-policy"] = "allkeys-lru", ["save"] = "900 1 300 10 60 10000" },
    };

    [Fact]
    [Capability("R-015")]
    [Capability("R-396")]
    [Source("redis", SourceState.Present, "none")]
    public async Task A_server_tells_its_vitals()
    {
        await using var redis = await TestServers.OwnRedisAsync();
        var reading = await ReadAsync(new() { Name = "cache", ConnectionString = redis.ConnectionString });
        Assert.Equal((Outcome.Seen, 0), (reading.Outcome, reading.Troubles.Count));
        Assert.StartsWith("Redis 7", reading.Words, StringComparison.Ordinal);
        Assert.InRange(Value(reading, "redis.ping.milliseconds"), 0, 4000);
        Assert.InRange(Value(reading, "redis.memory.used.bytes"), 100_000, 100_000_000);
        Assert.InRange(Value(reading, "redis.clients.connected"), 1, 10);
        Assert.DoesNotContain(reading.Measures, measure => measure.Metric == "redis.memory.used.percent");
    }

    [Fact]
    [Capability("R-368")]
    [Capability("R-369")]
    public async Task Settings_are_compared_with_what_the_fleet_file_wants()
    {
        await using var redis = await TestServers.OwnRedisAsync("maxmemory 256mb\nmaxmemory-policy allkeys-lru\nsave 900 1 300 10 60 10000");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
        var server = admin.GetServers().Single();
        var target = Manual with { ConnectionString = redis.ConnectionString };
        Assert.Empty((await ReadAsync(target)).Troubles);

        await server.ConfigSetAsync("maxmemory", "268435455");
        await server.ConfigSetAsync("maxmemory-policy", "volatile-lru");
        await server.ConfigSetAsync("save", "900 1 300 10");
        var reading = await ReadAsync(target);
        Assert.Equal(["target_misconfigured maxmemory", "target_misconfigured maxmemory-policy", "target_misconfigured save"], Told(reading));
        Assert.Contains("\"volatile-lru\"; the fleet file wants \"allkeys-lru\"", reading.Troubles.Single(trouble => trouble.Subject == "maxmemory-policy").Cause, StringComparison.Ordinal);

        await server.ConfigSetAsync("save", "");
        target = target with { Settings = new Dictionary<string, string> { ["no-such-setting"] = "1" } };
        Assert.Equal(["target_misconfigured no-such-setting", "target_misconfigured persistence"], Told(await ReadAsync(target)));
        await server.ConfigSetAsync("appendonly", "yes");
        Assert.Equal(["target_misconfigured no-such-setting"], Told(await ReadAsync(target)));
    }

    [Fact]
    [Capability("R-369")]
    public async Task A_snapshot_that_failed_is_said()
    {
        var folder = Directory.CreateTempSubdirectory("whatsops-redis-");
        await using var redis = await TestServers.OwnRedisAsync($"dir {folder.FullName}");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
        var target = new RedisTarget { Name = "cache", ConnectionString = redis.ConnectionString };
        await admin.GetServers().Single().ExecuteAsync("SAVE");
        Assert.Empty((await ReadAsync(target)).Troubles);

        folder.Delete(recursive: true);
        await admin.GetServers().Single().ExecuteAsync("BGSAVE");
        Reading reading;
        do await Task.Delay(100);
        while ((reading = await ReadAsync(target)).Troubles.Count == 0);
        Assert.Equal(["target_unhealthy rdb"], Told(reading));
    }

    [Fact]
    public async Task A_replica_that_lost_its_primary_is_said()
    {
        await using var redis = await TestServers.OwnRedisAsync("replicaof 127.0.0.1 1");
        Assert.Equal(["target_unhealthy replication"], Told(await ReadAsync(new() { Name = "cache", ConnectionString = redis.ConnectionString })));
    }

    [Fact]
    public async Task Queues_in_a_server_that_evicts_are_said_and_memory_is_told_by_policy()
    {
        await using var redis = await TestServers.OwnRedisAsync("maxmemory 8mb\nmaxmemory-policy allkeys-lru");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
        var database = admin.GetDatabase();
        await database.StringSetAsync("bull:q:id", 1);
        var target = new RedisTarget { Name = "queues", ConnectionString = redis.ConnectionString, BullQueues = ["q"] };
        Assert.Equal(["target_misconfigured eviction"], Told(await ReadAsync(target)));

        await admin.GetServers().Single().ConfigSetAsync("maxmemory-policy", "noeviction");
        var half = await ReadAsync(target);
        Assert.Empty(half.Troubles);
        Assert.InRange(half.Measures.Single(measure => measure.Metric == "redis.memory.used.percent" && measure.Subject == "noeviction").Value, 1, 80);
        await Assert.ThrowsAsync<RedisServerException>(async () =>
        {
            for (var key = 0; ; key++) await database.StringSetAsync($"filler:{key}", new byte[100_000]);
        });
        Assert.InRange((await ReadAsync(target)).Measures.Single(measure => measure.Metric == "redis.memory.used.percent" && measure.Subject == "noeviction").Value, 90, 110);
    }

    [Fact]
    [Capability("R-368", Absent = true)]
    [Capability("R-369", Absent = true)]
    [Source("redis", SourceState.Unauthorized, "target_not_observable")]
    [Source("bull", SourceState.Unauthorized, "target_not_observable")]
    public async Task The_rights_of_the_manual_are_enough_and_each_that_is_missing_is_said()
    {
        await using var redis = await TestServers.OwnRedisAsync("maxmemory 256mb\nmaxmemory-policy noeviction\nsave 900 1");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
        await BullProduct.RunAsync(redis, "q", "jobs");
        var target = new RedisTarget
        {
            Name = "cache", ConnectionString = $"127.0.0.1:{redis.Port},user=onlooker,password=onlooker", MustPersist = true, BullQueues = ["q"],
            Settings = new Dictionary<string, string> { ["maxmemory"] = "256mb" },
        };
        await AllowAsync(Rights);
        var reading = await ReadAsync(target);
        Assert.Empty(reading.Troubles);
        Assert.Equal(3, Value(reading, "bull.jobs.waiting"));

        await AllowAsync(Rights + " -config|get");
        Assert.Equal(["target_not_observable maxmemory", "target_not_observable persistence"], Told(await ReadAsync(target)));
        await AllowAsync(Rights + " -info");
        reading = await ReadAsync(target);
        Assert.Equal(["target_not_observable INFO"], Told(reading));
        Assert.DoesNotContain(reading.Measures, measure => measure.Metric.StartsWith("redis.memory", StringComparison.Ordinal));
        await AllowAsync(Rights + " -zcard");
        Assert.Equal(["target_not_observable q"], Told(await ReadAsync(target)));
        await AllowAsync(Rights.Replace("~bull:*", "~other:*", StringComparison.Ordinal));
        Assert.Equal(["target_not_observable q"], Told(await ReadAsync(target)));
        foreach (var needed in (string[])["ping", "echo"])
        {
            await AllowAsync($"{Rights} -{needed}");
            reading = await ReadAsync(target);
            Assert.Equal(Outcome.Unauthorized, reading.Outcome);
            Assert.Contains("NOPERM", reading.Words, StringComparison.Ordinal);
        }

        Task AllowAsync(string rights) => admin.GetServers().Single().ExecuteAsync("ACL", [.. (object[])["SETUSER", "onlooker", "reset", "on", ">onlooker"], .. rights.Split(' ')]);
    }

    /// <summary>The table of sources: what is there, and what finding it gives.</summary>
    [Fact]
    [Capability("R-015", Absent = true)]
    [Capability("R-346")]
    [Capability("R-422")]
    [Source("redis", SourceState.Absent, "target_unreachable")]
    [Source("redis", SourceState.Unauthorized, "target_unauthorized")]
    [Source("redis", SourceState.Lying, "target_unreachable")]
    [Source("bull", SourceState.Absent, "target_absent")]
    public async Task What_a_server_answers_decides_its_finding()
    {
        await using var redis = await TestServers.OwnRedisAsync();
        await using var stranger = await HttpStand.StartAsync();
        var sources = new Dictionary<string, string>
        {
            ["well"] = redis.ConnectionString,
            ["noauth"] = $"127.0.0.1:{redis.Port}",
            ["wrongpass"] = $"127.0.0.1:{redis.Port},password=planted-password-41",
            ["refused"] = "127.0.0.1:1,password=planted-password-41",
            ["lies"] = $"127.0.0.1:{new Uri(stranger.Url).Port},password=planted-password-41",
            ["uri"] = $"redis://:planted-password-41@127.0.0.1:{redis.Port}",
            ["nonsense"] = "127.0.0.1,planted-password-41=x",
        };
        await using var world = await WatchWorld.StartAsync(new()
        {
            Redis =
            [
                .. sources.Keys.Select(name => new RedisTarget { Name = name, ConnectionString = $"${{env:{name.ToUpperInvariant()}}}", BullQueues = name == "well" ? ["Ghosts"] : [] }),
                new() { Name = "unset", ConnectionString = "${env:UNSET}" },
            ],
        });
        foreach (var (name, value) in sources) world.Settings[name.ToUpperInvariant()] = value;
        await world.TickAsync();
        await world.TickAsync();
        Assert.Equal(
            [
                "target_absent redis/well/Ghosts", "target_unauthorized redis/noauth", "target_unauthorized redis/nonsense", "target_unauthorized redis/unset", "target_unauthorized redis/uri",
                "target_unauthorized redis/wrongpass", "target_unreachable redis/lies", "target_unreachable redis/refused",
            ],
            await world.OpenAsync());
        var findings = await world.FindingsAsync();
        Assert.All(findings, finding => Assert.DoesNotContain("planted-password", finding.Cause, StringComparison.Ordinal));
        Assert.DoesNotContain(world.Logged, line => line.Contains("planted-password", StringComparison.Ordinal));
        string CauseOf(string name) => findings.Single(finding => finding.Subject == "redis/" + name).Cause;
        Assert.Contains("nothing listens there", CauseOf("refused"), StringComparison.Ordinal);
        Assert.Contains("does not speak the protocol of Redis", CauseOf("lies"), StringComparison.Ordinal);
        Assert.Equal(Severity.Critical, findings.Single(finding => finding.Subject == "redis/refused").Severity);
        Assert.Equal((1, 0), (await world.ValueAsync("redis/well", "up"), await world.ValueAsync("redis/refused", "up")));
    }

    [Fact]
    [Capability("R-346")]
    [Source("redis", SourceState.Slow, "target_unreachable")]
    public async Task A_server_that_hangs_is_told_within_the_patience_of_a_look()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using var redis = await TestServers.OwnRedisAsync("enable-debug-command local");
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
        using var probe = new RedisProbe(Resolving(), TimeProvider.System);
        var look = LookAt(probe, new() { Name = "cache", ConnectionString = redis.ConnectionString });
        Assert.Equal(Outcome.Seen, (await look.ReadAsync(default)).Outcome);

        // One whose connection is open already, and one that is new.
        var asleep = admin.GetDatabase().ExecuteAsync("DEBUG", ["SLEEP", "20"]);
        while (await AnswersAsync(redis.Port)) await Task.Delay(20);
        var clock = Stopwatch.StartNew();
        var readings = await Task.WhenAll(look.ReadAsync(default), ReadAsync(new() { Name = "cache", ConnectionString = $"127.0.0.1:{((IPEndPoint)deaf.LocalEndpoint).Port},password=x" }));
        Assert.True(clock.Elapsed < Look.UsualPatience, $"it took {clock.Elapsed}");
        Assert.All(readings, reading => Assert.Equal((Outcome.Unreachable, "What listens there takes the connection and does not answer."), (reading.Outcome, reading.Words)));
        _ = asleep.ContinueWith(static late => late.Exception, TaskScheduler.Default);
        await admin.CloseAsync(allowCommandsToComplete: false);

        // Whatever it answers without a password.
        static async Task<bool> AnswersAsync(int port)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), patience.Token);
                return await client.GetStream().ReadAsync(new byte[64], patience.Token) > 0;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_server_that_loads_its_data_serves_nobody_and_says_so()
    {
        var folder = Directory.CreateTempSubdirectory("whatsops-redis-");
        try
        {
            await using (var first = await TestServers.OwnRedisAsync($"dir {folder.FullName}"))
            await using (var admin = await ConnectionMultiplexer.ConnectAsync(first.ConnectionString + ",allowAdmin=true"))
            {
                await Task.WhenAll(Enumerable.Range(0, 10_000).Select(key => admin.GetDatabase().StringSetAsync($"key:{key}", new string('x', 100))));
                await admin.GetServers().Single().ExecuteAsync("SAVE");
            }

            // 10,000 keys take 50 s.
            await using var loading = await TestServers.OwnRedisAsync($"dir {folder.FullName}\nkey-load-delay 5000\nloading-process-events-interval-bytes 1024");
            var reading = await ReadAsync(new() { Name = "cache", ConnectionString = loading.ConnectionString });
            Assert.Equal((Outcome.Seen, "Redis loads its data."), (reading.Outcome, reading.Words));
            Assert.Equal((TroubleKinds.Unhealthy, Severity.High), (Assert.Single(reading.Troubles).Kind, reading.Troubles[0].Severity));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Looks_share_a_connection_that_is_closed_when_nobody_looks_any_more()
    {
        await using var redis = await TestServers.OwnRedisAsync();
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var probe = new RedisProbe(Resolving(), time);
        var target = new RedisTarget { Name = "cache", ConnectionString = redis.ConnectionString };
        for (var look = 0; look < 3; look++) Assert.Equal(Outcome.Seen, (await LookAt(probe, target).ReadAsync(default)).Outcome);
        Assert.Equal((1, 1), (probe.Connections, await OursAsync()));

        await admin.GetServers().Single().ExecuteAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        Assert.Equal(Outcome.Seen, (await LookAt(probe, target).ReadAsync(default)).Outcome);

        time.Advance(TimeSpan.FromMinutes(5.1));
        Assert.Empty(probe.LooksAt(new() { Name = "chat", Kind = "taktchat", Watch = new() }));
        Assert.Equal(0, probe.Connections);
        while (await OursAsync() > 0) await Task.Delay(50);

        async Task<int> OursAsync() => (await admin.GetServers().Single().ClientListAsync()).Count(client => client.Name == "whatsops");
    }

    internal static async Task<Reading> ReadAsync(RedisTarget target, TimeProvider? time = null)
    {
        using var probe = new RedisProbe(Resolving(), time ?? TimeProvider.System);
        return await LookAt(probe, target).ReadAsync(TestContext.Current.CancellationToken);
    }

    private static Look LookAt(RedisProbe probe, RedisTarget target) => probe.LooksAt(new() { Name = "chat", Kind = "taktchat", Watch = new() { Redis = [target] } }).Single();

    private static IFleet Resolving()
    {
        var fleet = new Mock<IFleet>();
        fleet.Setup(one => one.Resolve(It.IsAny<string>())).Returns((string text) => text);
        return fleet.Object;
    }

    private static string[] Told(Reading reading) => [.. reading.Troubles.Select(trouble => $"{trouble.Kind} {trouble.Subject}").Order(StringComparer.Ordinal)];

    private static double Value(Reading reading, string metric) => reading.Measures.Single(measure => measure.Metric == metric).Value;
}
