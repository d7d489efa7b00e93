using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Real containers at their limits: of memory, of processor, of starts.</summary>
public sealed class ContainerLimitTests : WatchedContainer
{
    private const string Megabytes = "busybox head -c 30000000 /dev/zero > /dev/shm/thirty; busybox touch /made; busybox sleep 1000";
    private WatchWorld world = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        world = await WatchWorld.StartAsync(new());
        world.Fleet = world.Fleet with { Watch = new() { Containers = [Silent] } };
    }

    public override async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    [Capability("R-391")]
    public async Task One_that_wants_more_memory_than_its_limit_is_killed_and_that_is_told()
    {
        await StartAsync("x=0123456789; while true; do x=$x$x; done", "--memory", "16m");
        await Engine.RunAsync(["wait", Name], default);
        await world.TickAsync();

        Assert.Equal(137, await world.ValueAsync("container/api", "container.exit.code"));
        var state = Assert.Single(await world.FindingsAsync(), finding => finding.Subject == "container/api/state");
        Assert.Equal((TroubleKinds.Unhealthy, Severity.Critical), (state.Kind, state.Severity));
        // podman sees the end and not the reason; docker says out of memory.
        Assert.Matches("out of memory, exit code 137|killed, often for want of memory, exit code 137", state.Cause);
    }

    [Fact]
    [Capability("R-355")]
    public async Task One_that_crashes_again_and_again_has_its_restarts_counted_and_is_a_finding()
    {
        await Engine.RunAsync(
            ["create", "--name", Name, "--restart", "on-failure:3", "--ulimit", "nofile=1000:1000", "--ulimit", "nproc=1000:1000", "--network", "none", LocalContainers.Image, "/bin/busybox", "sh", "-c", "exit 3"], default);
        await world.TickAsync();
        Assert.Equal(0, await world.ValueAsync("container/api", "container.restarts"));
        Assert.DoesNotContain("threshold_crossed container-restarts/container/api", await world.OpenAsync());

        await Engine.RunAsync(["start", Name], default);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await Engine.RunAsync(["inspect", "--format", "{{.RestartCount}} {{.State.Status}}", Name], default)).Trim() != "3 exited") await Task.Delay(100, patience.Token);
        await world.TickAsync();

        Assert.Equal((3, 3), (await world.ValueAsync("container/api", "container.restarts"), await world.ValueAsync("container/api", "container.exit.code")));
        Assert.Contains("threshold_crossed container-restarts/container/api", await world.OpenAsync());
        Assert.Contains("exit code 3", Assert.Single(await world.FindingsAsync(), finding => finding.Subject == "container/api/state").Cause, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-192"), Capability("R-231")]
    public async Task A_busy_one_uses_up_the_half_processor_that_it_may_have_and_no_more()
    {
        await StartAsync("while true; do :; done", "--cpus", "0.5");
        var use = await UseAsync();
        Assert.Equal(0.5, use["container.cpu.limit.cores"]);
        // It would take a whole one; on a busy machine it gets less than its half.
        Assert.InRange(use["container.cpu.percent"], 2, 80);
        Assert.Equal(use["container.cpu.percent"] / 0.5, use["container.cpu.limit.percent"], 6);
    }

    [Fact]
    [Capability("R-192"), Capability("R-231")]
    public async Task Memory_that_is_held_is_counted_against_the_limit()
    {
        await StartAsync(Megabytes, "--memory", "64m");
        await Engine.ExecAsync(Name, "until [ -e /made ]; do /bin/busybox sleep 0.1; done", default);
        var use = await UseAsync();
        Assert.Equal(64 * 1024 * 1024, use["container.memory.limit.bytes"]);
        Assert.InRange(use["container.memory.used.bytes"], 30e6, 50e6);
        Assert.InRange(use["container.memory.percent"], 44, 75);
    }

    private ContainerTarget Silent => Target with { Logs = false };

    // By real time: two looks at its counters are a second apart.
    private async Task<Dictionary<string, double>> UseAsync() => (await ReadAsync(Silent)).Measures.ToDictionary(measure => measure.Metric, measure => measure.Value);
}
