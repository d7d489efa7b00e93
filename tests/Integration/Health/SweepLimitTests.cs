using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Health;

/// <summary>What a sweep leaves out, for want of time or to spare a gateway: it is said, closes nothing, and costs no other system its turn.</summary>
public sealed class SweepLimitTests
{
    [Fact]
    public async Task The_cap_of_direct_looks_holds_and_what_was_not_looked_at_closes_nothing()
    {
        await using var world = await SweepWorld.StartAsync(perGateway: 20);
        world.Fleet = world.Fleet with { Thresholds = new() { SuspectsPerGateway = 4, CorrelatedFailurePercent = 101 } };
        foreach (var i in Enumerable.Range(0, 8)) world.Add($"lost{i}", 0);

        var report = await world.SweepAsync();

        Assert.Equal(4, world.Gateways[0].Calls.Count(call => call.Path.StartsWith("/instance/connectionState/", StringComparison.Ordinal)));
        Assert.Equal(8, (await world.OpenAsync("instance_missing")).Count);
        Assert.Contains("4 suspects beyond the cap", Assert.Single(report.Systems[0].Unfinished), StringComparison.Ordinal);
        Assert.Single(await world.OpenAsync("sweep_incomplete"));
    }

    [Fact]
    public async Task The_deadline_cuts_off_the_rest_and_says_so()
    {
        await using var world = await SweepWorld.StartAsync(gateways: 2, perGateway: 2);
        world.Add("lost", 1);
        await world.SweepAsync();
        world.Fleet = world.Fleet with { Thresholds = new() { SweepDeadlineSeconds = 5 } };
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Hang });

        var report = await world.SweepThroughAsync();

        Assert.False(report.Complete);
        Assert.Equal(["instance_missing", "sweep_incomplete"], SweepWorld.Kinds(await world.OpenAsync()));
        Assert.Null(await world.Sweeps.LastCompleteAsync(default) is { } last && last >= report.StartedAt ? "complete" : null);
    }

    [Fact]
    public async Task Systems_whose_gateways_hang_on_every_direct_look_take_no_time_from_the_others()
    {
        await using var world = await SweepWorld.StartAsync(gateways: 5, perGateway: 60);
        world.Split(["s0", "s1", "s2", "s3", "s4"], new SystemThresholds { SweepDeadlineSeconds = 60 });
        for (var g = 0; g < 4; g++) world.Gateways[g].SetFault(new Fault { Kind = FaultKind.Hang, Path = "/instance/connectionState/*" });

        var report = await world.SweepThroughAsync();

        Assert.Equal(["s0", "s1", "s2", "s3", "s4"], report.Systems.Select(system => system.System));
        Assert.True(report.Systems[4].Complete);
        Assert.All(report.Systems[4].Tenants, tenant => Assert.Equal(HealthStatus.Healthy, tenant.Status));
        var incidents = await world.OpenAsync("gateway_degraded");
        Assert.Equal(["gw0", "gw1", "gw2", "gw3"], incidents.Select(finding => finding.Gateway!).Order(StringComparer.Ordinal));
        for (var g = 0; g < 4; g++)
        {
            // Eight in a row, and those that had begun before the eighth gave up.
            Assert.InRange(world.Gateways[g].Calls.Count(call => call.Path.StartsWith("/instance/connectionState/", StringComparison.Ordinal)), 8, 15);
            Assert.DoesNotContain(report.Systems[g].Tenants, tenant => tenant.Status == HealthStatus.Healthy);
        }
    }

    [Fact]
    public async Task What_a_mute_gateway_was_not_asked_about_closes_nothing()
    {
        await using var world = await SweepWorld.StartAsync(perGateway: 1);
        world.Add("lost", 0);
        await world.SweepAsync();
        world.Gateways[0].Seed(new InstanceSeed { Name = "revalya-lost" });
        for (var i = 0; i < 20; i++)
        {
            world.Gateways[0].Seed(new InstanceSeed { Name = $"revalya-new{i}" });
            world.Add($"new{i}", 0);
        }

        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Hang, Path = "/instance/connectionState/*" });
        for (var i = 0; i < 3; i++) await world.SweepThroughAsync();

        Assert.Single(await world.OpenAsync("instance_missing"));
        Assert.Single(await world.OpenAsync("gateway_degraded"));
    }

    [Fact]
    public async Task Turns_go_round_those_not_finished_first_and_then_those_who_came_last()
    {
        await using var database = await Databases.OperationsAsync();
        var store = new SweepStore(database.DataSource);
        var noon = new DateTimeOffset(2026, 3, 8, 12, 0, 0, TimeSpan.Zero);
        foreach (var (system, minute, unfinished) in new[] { ("early", 0, false), ("late", 2, false), ("starved", 2, true), ("slow", 0, true) })
        {
            var owner = Guid.NewGuid();
            await store.TryLeaseAsync(system, owner, noon, noon.AddMinutes(3), default);
            await store.ReleaseAsync(system, owner, new(system, HealthStatus.Healthy, noon.AddMinutes(minute), noon.AddMinutes(2), [], [], [], unfinished ? ["all"] : [], 0), default);
        }

        Assert.Equal(["starved", "slow", "late", "early"], await store.TurnsAsync(default));
    }
}
