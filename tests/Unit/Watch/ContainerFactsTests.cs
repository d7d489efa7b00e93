using Docker.DotNet.Models;
using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>What engines say that no engine of a test says at will: out of memory, limits, counters that fell back.</summary>
public sealed class ContainerFactsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly ContainerTarget Target = new() { Name = "api", Container = new() { Container = "api" } };

    [Fact]
    public void Out_of_memory_is_said()
    {
        var troubles = ContainerCondition.Troubles(Target, new() { State = new() { OOMKilled = true, ExitCode = 137, FinishedAt = "2026-11-25T11:59:00Z" } }).ToList();
        Assert.Equal(["state", "memory"], troubles.Select(trouble => trouble.Subject));
        Assert.Contains("out of memory, exit code 137", troubles[0].Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("running", true, false, null)]
    [InlineData("restarting", true, true, "again and again")]
    [InlineData("exited", false, false, "does not run")]
    public void One_that_restarts_for_ever_is_not_well(string status, bool running, bool restarting, string? expected)
    {
        var state = new State { Status = status, Running = running, Restarting = restarting, Health = new() { Status = "healthy" }, FinishedAt = "2026-11-25T11:59:00Z" };
        Assert.Equal(expected is null, !ContainerCondition.Troubles(Target, new() { State = state }).Any());
        if (expected is not null) Assert.Contains(expected, ContainerCondition.Troubles(Target, new() { State = state }).Single().Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_state_it_is_not_observable() =>
        Assert.Equal(TroubleKinds.NotObservable, ContainerCondition.Troubles(Target, new()).Single().Kind);

    [Theory]
    [InlineData("", true)]
    [InlineData(null, true)]
    [InlineData("root", true)]
    [InlineData("0:0", true)]
    [InlineData("1001", false)]
    [InlineData("node:node", false)]
    public void Root_has_several_names(string? user, bool isRoot)
    {
        var container = new ContainerInspectResponse { Config = new() { User = user! }, State = new() { Running = true, Health = new() { Status = "healthy" } } };
        Assert.Equal(isRoot, ContainerCondition.Troubles(Target with { MustNotBeRoot = true }, container).Any(trouble => trouble.Subject == "user"));
        Assert.Empty(ContainerCondition.Troubles(Target, container));
    }

    [Fact]
    public void Use_is_what_docker_stats_shows()
    {
        var use = ContainerUse.Measures(new() { HostConfig = new() { NanoCPUs = 500_000_000 } }, Stats(0, 1_000_000_000), Stats(2, 1_500_000_000)).ToDictionary(measure => measure.Metric, measure => measure.Value);
        // A quarter of a processor, half of the half that it may have; 300 of 400 bytes less 100 that the kernel could take back.
        Assert.Equal(25, use["container.cpu.percent"], 6);
        Assert.Equal(50, use["container.cpu.limit.percent"], 6);
        Assert.Equal(200, use["container.memory.used.bytes"]);
        Assert.Equal(50, use["container.memory.percent"]);
        Assert.Equal(7, use["container.network.received.bytes"]);
        Assert.Equal(12.5, ContainerUse.Measures(new(), Stats(0, 0), Stats(2, 500_000_000)).Single(measure => measure.Metric == "container.cpu.limit.percent").Value, 6);
    }

    [Fact]
    public void A_counter_that_fell_back_gives_no_number() =>
        Assert.DoesNotContain(ContainerUse.Measures(new(), Stats(0, 2), Stats(1, 1)), measure => measure.Metric.StartsWith("container.cpu", StringComparison.Ordinal));

    [Theory]
    [InlineData("5432/tcp", "", "5432", Severity.Critical)]
    [InlineData("5432/tcp", "0.0.0.0", "15432", Severity.Critical)]
    [InlineData("80/tcp", "::", "6379", Severity.Critical)]
    [InlineData("15672/tcp", "::", "15672", Severity.High)]
    [InlineData("5432/tcp", "127.0.0.1", "5432", null)]
    [InlineData("8080/tcp", "0.0.0.0", "8080", null)]
    public void Databases_on_every_address_are_exposed(string inside, string address, string outside, Severity? expected)
    {
        var container = new ContainerInspectResponse { HostConfig = new() { PortBindings = new Dictionary<string, IList<PortBinding>> { [inside] = [new() { HostIP = address, HostPort = outside }] } } };
        Assert.Equal(expected, ContainerPorts.Troubles(Target, container).SingleOrDefault()?.Severity);
        Assert.Equal(address == "127.0.0.1" ? 0 : 1, ContainerPorts.Measure(container).Value);
    }

    [Fact]
    public void The_network_of_the_machine_hides_ports() =>
        Assert.Equal(TroubleKinds.NotObservable, ContainerPorts.Troubles(Target, new() { HostConfig = new() { NetworkMode = "host" } }).Single().Kind);

    private static ContainerStatsResponse Stats(int second, ulong processor) => new()
    {
        Read = Noon.AddSeconds(second).UtcDateTime,
        CPUStats = new() { CPUUsage = new() { TotalUsage = processor }, OnlineCPUs = 2 },
        MemoryStats = new() { Usage = 300, Limit = 400, Stats = new Dictionary<string, ulong> { ["inactive_file"] = 100 } },
        Networks = new Dictionary<string, NetworkStats> { ["eth0"] = new() { RxBytes = 3 }, ["eth1"] = new() { RxBytes = 4 } },
    };
}
