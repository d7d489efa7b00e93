using WhatsOps.Cli.Local;
using WhatsOps.Diagnosis;
using WhatsOps.Tests.Integration.Watch;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Diagnosis;

/// <summary>A real container's log, in the words of whatsmeow and TurboZap, and real samples.</summary>
public sealed class SurroundingsTests : IAsyncLifetime
{
    private readonly string container = $"turbozap-{Guid.NewGuid():N}";
    private LocalContainers engine = null!;
    private WatchWorld world = null!;

    public async ValueTask InitializeAsync()
    {
        engine = await TestServers.ContainersAsync();
        world = await WatchWorld.StartAsync(new() { Containers = [new() { Name = "api", Container = new() { Container = container, Engine = engine.Engine } }] });
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await engine.RunAsync(["rm", "--force", "--ignore", "--time", "0", container], default);
    }

    [Fact]
    [Capability("R-307")]
    [Capability("R-311")]
    public async Task The_last_word_about_an_instance_counts_and_its_errors_are_its_own()
    {
        await engine.StartAsync(container, [],
            """
            export PATH=/bin
            busybox printf '12:00:00.000 [Client-acme INFO] \033[32mGot replaced stream error, sending StreamReplaced event\033[0m\n'
            echo '12:00:00.000 [Client-beta WARN] Temporary ban connect failure: <failure reason="402"/>'
            echo '{"level":"warn","msg":"QR code timeout","instance":"gamma"}'
            echo '{"level":"info","msg":"Logged out from WhatsApp","instance":"delta","reason":"401: logged out from another device"}'
            echo '12:00:00.000 [Client-delta ERROR] Client outdated (405) connect failure (client version: 2.3000.1)'
            echo '{"level":"warn","msg":"QR code timeout","instance":"omega"}'
            echo '{"level":"info","msg":"Connected to WhatsApp","instance":"omega"}'
            echo '12:00:01.000 [Client-omega-2 INFO] Got replaced stream error, sending StreamReplaced event'
            echo done
            busybox sleep 1000
            """, default);
        Assert.Equal(LogSign.Replaced, (await UntilAsync("acme", seen => seen.Sign != LogSign.None)).Sign);
        Assert.Equal(LogSign.Banned, (await UntilAsync("beta", seen => seen.Sign != LogSign.None)).Sign);
        Assert.Equal(LogSign.QrTimeout, (await UntilAsync("gamma", seen => seen.Sign != LogSign.None)).Sign);
        var delta = await UntilAsync("delta", seen => seen.Errors is [_]);
        Assert.Equal((LogSign.Outdated, 1), (delta.Sign, delta.Errors![0].Count));
        Assert.DoesNotContain(delta.Errors[0].Name, char.IsAsciiDigit);
        Assert.Equal(LogSign.Replaced, (await UntilAsync("omega-2", seen => seen.Sign != LogSign.None)).Sign);
        var omega = await ReadAsync("omega");
        Assert.Equal(LogSign.None, omega.Sign);
        Assert.Empty(omega.Errors!);
    }

    [Fact]
    [Capability("R-312")]
    public async Task The_newest_samples_are_there_and_a_log_that_cannot_be_read_is_not_one_without_errors()
    {
        foreach (var value in (double[])[10, 95])
        {
            await world.Get<SampleStore>().AddAsync(WatchWorld.System, "container/api", [new("container.cpu.limit.percent", value)], world.Time.GetUtcNow(), CancellationToken.None);
            world.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var seen = await ReadAsync("acme");
        Assert.Equal(95, Assert.Single(seen.Newest).Value);
        Assert.Null(seen.Errors);
        world.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Empty((await ReadAsync("acme")).Newest);
    }

    [Fact]
    [Capability("R-394")]
    public async Task The_course_of_the_container_with_the_least_memory_left_is_read_and_starts_are_counted()
    {
        var now = world.Time.GetUtcNow();
        for (var minute = -300; minute <= 0; minute += 10)
        {
            await AddAsync("container/api", new("container.memory.percent", 90 + (minute / 10.0)), new("container.restarts", minute < -100 ? 1 : 3));
            await AddAsync("container/idle", new("container.memory.percent", 20), new("container.restarts", minute < -100 ? 7 : 0));

            Task AddAsync(string target, params Measure[] measures) => world.Get<SampleStore>().AddAsync(WatchWorld.System, target, measures, now.AddMinutes(minute), CancellationToken.None);
        }

        var seen = await ReadAsync("acme");
        Assert.Equal(("container/api", MemoryCourse.Growing, 60, 90), (seen.Memory!.Value.Target, seen.Memory.Value.Trend.Course, seen.Memory.Value.Trend.First, seen.Memory.Value.Trend.Newest));
        Assert.Equal((2, 0), (seen.Restarts["container/api"], seen.Restarts["container/idle"]));
    }

    private Task<Surroundings> ReadAsync(string instance) =>
        new SurroundingsReader(world.Get<SampleStore>(), world.Get<RecentErrors>()).ReadAsync(world.Fleet, instance, world.Time.GetUtcNow(), CancellationToken.None);

    // An engine has a line a moment after it was written.
    private async Task<Surroundings> UntilAsync(string instance, Func<Surroundings, bool> isThere)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var seen = await ReadAsync(instance);
            if (isThere(seen)) return seen;
            await Task.Delay(100, patience.Token);
        }
    }
}
