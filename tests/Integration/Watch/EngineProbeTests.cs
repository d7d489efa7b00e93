using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Routines;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>What a real engine says of its disk and its machine.</summary>
public sealed class EngineProbeTests(ContainerStand stand) : IClassFixture<ContainerStand>
{
    [Fact]
    [Capability("R-017"), Capability("R-018"), Capability("R-143"), Capability("R-235")]
    [Source("engines", SourceState.Absent, "target_absent")]
    public async Task Images_volumes_and_build_cache_have_their_sizes_and_the_machine_its_memory()
    {
        var reading = await ReadAsync(new() { Engines = [Target with { Volumes = [stand.Volume, "backend-private"] }] });

        Assert.Equal(Outcome.Seen, reading.Outcome);
        Assert.InRange(Value(reading, "engine.volume.bytes", stand.Volume), 3_000_000, 3_100_000);
        Assert.True(Value(reading, "engine.images.bytes") > 500_000);
        Assert.True(Value(reading, "engine.volumes.bytes") >= 3_000_000);
        Assert.True(Value(reading, "engine.build_cache.bytes") >= 0);
        Assert.InRange(Value(reading, "engine.memory.bytes"), 256e6, 64e12);
        Assert.True(Value(reading, "engine.processors") >= 1);
        Assert.Equal(["target_absent backend-private", "target_not_observable system disk"], reading.Troubles.Select(trouble => $"{trouble.Kind} {trouble.Subject}").Order(StringComparer.Ordinal));
    }

    [Fact]
    [Capability("R-162")]
    [Source("engines", SourceState.Present, "none")]
    public async Task The_morning_has_the_sizes_of_the_disk_and_of_the_folder_of_logs()
    {
        await stand.DoAsync("busybox mkdir /logs; busybox head -c 5000 /dev/zero > /logs/app.log");
        await using var node = await TestServers.OwnNodeExporterAsync();
        stand.World.Fleet = stand.World.Fleet with
        {
            Watch = new() { Engines = [Target], LogFolders = [new() { Name = "logs", Container = stand.Container, Path = "/logs" }], Http = [new() { Name = "node", Url = $"{node.Url}/metrics", Shape = HttpShape.NodeExporter }] },
        };
        var morning = await stand.World.GetAll<IRoutine>().Single(routine => routine.Name == "morning-check").RunAsync(new(stand.World.Fleet, stand.World.Time.GetUtcNow(), null), CancellationToken.None);
        Assert.StartsWith("3 of 3 targets seen; ", morning.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain(await stand.World.OpenAsync(), finding => finding.Contains(" engine/docker", StringComparison.Ordinal));
        var numbers = ((DayReport)morning.Report!).Numbers;
        Assert.Equal(5000, numbers.Single(number => number.Metric == "log.folder.bytes").Most);
        Assert.InRange(numbers.Single(number => number.Metric == "engine.volume.bytes" && number.Subject == stand.Volume).Most, 3_000_000, 3_100_000);
        Assert.Contains(numbers, number => number.Metric == "host.memory.available.bytes");
        Assert.All(numbers.Where(number => number.Metric == "host.disk.used.percent"), number => Assert.InRange(number.Most, 0, 100));
    }

    [Theory]
    [Capability("R-183")]
    [InlineData(90, false)]
    [InlineData(90.1, true)]
    public async Task A_disk_that_is_more_than_ninety_percent_full_is_a_finding(double percent, bool isFinding)
    {
        await using var node = await HttpStand.StartAsync();
        node.Says(Page(percent));
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "node", Url = node.Url, Shape = HttpShape.NodeExporter }] });
        for (var minute = 0; minute < 7; minute++) await world.TickAsync();
        Assert.Equal(isFinding ? ["threshold_crossed system-disk/http/node//"] : [], await world.OpenAsync());
    }

    [Fact]
    public async Task With_node_exporter_the_disk_is_known_and_what_a_proxy_refuses_is_told()
    {
        using var client = new HttpClient { BaseAddress = new Uri(stand.Engine) };
        await using var proxy = await ScriptedGateway.StartAsync(async context =>
        {
            if (context.Request.Path.Value == "/info") await context.Response.WriteAsync(await client.GetStringAsync("/info"));
            else context.Response.StatusCode = 403;
        });
        var reading = await stand.World.GetAll<IProbe>().SelectMany(probe => probe.LooksAt(new FleetSystem
        {
            Name = "shop", Kind = "bot",
            Watch = new() { Engines = [Target with { Engine = proxy.Url }], Http = [new() { Name = "node", Url = "http://127.0.0.1:1", Shape = HttpShape.NodeExporter }] },
        })).Single(look => look.Target == "engine/docker").ReadAsync(CancellationToken.None);
        Assert.Equal((Outcome.Seen, "disk"), (reading.Outcome, Assert.Single(reading.Troubles).Subject));
        Assert.True(Value(reading, "engine.memory.bytes") > 0);
    }

    [Fact]
    public async Task Refused_unreachable_and_lying_are_told_apart()
    {
        Assert.Equal(Outcome.Unreachable, (await AtAsync("http://127.0.0.1:1")).Outcome);
        Assert.Equal(Outcome.Unreachable, (await AtAsync("unix:///tmp/no-such-engine.sock")).Outcome);
        await using var refusing = await ScriptedGateway.StartAsync(403, "{}");
        Assert.Equal(Outcome.Unauthorized, (await AtAsync(refusing.Url)).Outcome);
        await using var other = await ScriptedGateway.StartAsync(200, "{}");
        Assert.Equal(Outcome.Unreachable, (await AtAsync(other.Url)).Outcome);
        await using var page = await ScriptedGateway.StartAsync(200, "<html>Welcome</html>", "text/html");
        Assert.Equal(Outcome.Unreachable, (await AtAsync(page.Url)).Outcome);

        Task<Reading> AtAsync(string address) => ReadAsync(new() { Engines = [Target with { Engine = address }] });
    }

    private EngineTarget Target => new() { Name = "docker", Engine = stand.Engine };

    private Task<Reading> ReadAsync(WatchOptions watch) => stand.ReadAsync(watch);

    private static string Page(double percent) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"node_filesystem_size_bytes{{fstype=\"ext4\",mountpoint=\"/\"}} 1000\nnode_filesystem_avail_bytes{{fstype=\"ext4\",mountpoint=\"/\"}} {1000 - (10 * percent):0.###}\nnode_memory_MemTotal_bytes 8e9\n");

    private static double Value(Reading reading, string metric, string subject = "") => reading.Measures.Single(measure => measure.Metric == metric && measure.Subject == subject).Value;
}
