using System.Text.Json;
using Moq;
using Npgsql;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Alerts;
using WhatsOps.Tests.Integration.Simulator;

namespace WhatsOps.Tests.Integration.Health;

/// <summary>The whole sweep against simulated gateways and a real database.</summary>
public sealed class HealthSweepTests
{
    [Fact]
    [Capability("R-073")]
    [Capability("R-092")]
    [Source("evolution", SourceState.Present, "none")]
    public async Task A_healthy_fleet_is_healthy_and_costs_two_calls_per_gateway_once_it_is_known()
    {
        await using var world = await SweepWorld.StartAsync(gateways: 3, perGateway: 10);
        world.Tenants.Add(new Tenant(SweepWorld.System, "plain", true, null));
        world.Tenants.Add(new Tenant(SweepWorld.System, "gone", false, null));
        await world.SweepAsync();
        var before = world.Gateways.Select(gateway => gateway.Calls.Count).ToArray();

        var report = await world.SweepAsync();

        Assert.Equal(HealthStatus.Healthy, report.OverallStatus);
        Assert.True(report.Complete);
        Assert.Empty(await world.OpenAsync());
        Assert.Equal([2, 2, 2], world.Gateways.Select((gateway, g) => gateway.Calls.Count - before[g]));
        Assert.Equal(6, report.CallsMade);
        Assert.Equal(31, report.Systems[0].Tenants.Count);
        Assert.All(report.Systems[0].Tenants, tenant => Assert.Equal(HealthStatus.Healthy, tenant.Status));
        Assert.Equal(report.Id, (await world.Sweeps.LatestAsync(default))!.Id);
    }

    [Fact]
    [Source("evolution", SourceState.Lying, "instance_state_contradiction")]
    public async Task A_first_sweep_sees_through_a_lying_list()
    {
        await using var world = await SweepWorld.StartAsync(perGateway: 4);
        world.Gateways[0].Seed(new InstanceSeed { Name = "revalya-liar", State = "close", ConnectionStatus = "open" });
        world.Add("liar", 0);

        await world.SweepAsync();

        Assert.Equal(["instance_not_open", "instance_state_contradiction"], SweepWorld.Kinds(await world.OpenAsync()));
        var known = (await world.States.ListAsync(SweepWorld.System, default)).Single(status => status.Tenant == "liar");
        Assert.Equal(InstanceState.Close, known.State);
    }

    [Fact]
    public async Task A_list_that_starts_to_lie_is_caught_by_the_event_that_contradicts_it_with_one_look()
    {
        await using var world = await SweepWorld.StartAsync(perGateway: 20);
        await world.SweepAsync();
        world.Gateways[0].Kick("revalya-g0t3");
        world.Gateways[0].Lie("revalya-g0t3", "open");
        await world.HeardAsync("g0t3", InstanceState.Close);
        var before = world.Gateways[0].Calls.Count;

        await world.SweepAsync();

        Assert.Equal(3, world.Gateways[0].Calls.Count - before);
        Assert.Contains(await world.OpenAsync(), finding => finding is { Tenant: "g0t3", Kind: "instance_logged_out" or "instance_not_open" });
    }

    [Fact]
    [Source("evolution", SourceState.Absent, "instance_missing")]
    public async Task Findings_close_after_two_good_sweeps_and_an_incomplete_one_counts_for_nothing()
    {
        await using var world = await SweepWorld.StartAsync();
        world.Add("lost", 0);
        await world.SweepAsync();
        Assert.Equal("lost", Assert.Single(await world.OpenAsync("instance_missing")).Tenant);

        world.Gateways[0].Seed(new InstanceSeed { Name = "revalya-lost" });
        await world.SweepAsync();
        var fault = world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Status, Path = "/instance/fetchInstances" });
        await world.SweepAsync();
        await world.SweepAsync();
        Assert.Single(await world.OpenAsync("instance_missing"));

        world.Gateways[0].ClearFaults(fault);
        await world.SweepAsync();
        Assert.Empty(await world.OpenAsync("instance_missing"));
    }

    [Theory]
    [InlineData(FaultKind.Status)]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.WrongJson)]
    [InlineData(FaultKind.Hang)]
    [Source("evolution", SourceState.Slow, "gateway_unreachable")]
    [Source("evolution", SourceState.Lying, "gateway_unreachable")]
    public async Task A_sick_gateway_is_one_critical_finding_and_hides_nobody(FaultKind kind)
    {
        await using var world = await SweepWorld.StartAsync(gateways: 2, perGateway: 3);
        world.Add("lost", 1);
        world.Gateways[0].SetFault(new Fault { Kind = kind });
        var before = world.Gateways[0].Calls.Count;

        var report = kind == FaultKind.Hang ? await world.SweepThroughAsync() : await world.SweepAsync();

        Assert.Equal(["gateway_unreachable", "instance_missing"], SweepWorld.Kinds(await world.OpenAsync()));
        Assert.Equal(Severity.Critical, Assert.Single(await world.OpenAsync("gateway_unreachable")).Severity);
        Assert.Equal(HealthStatus.Unhealthy, report.OverallStatus);
        Assert.True(report.Complete);
        Assert.InRange(world.Gateways[0].Calls.Count - before, 1, 3);
        Assert.All(report.Systems[0].Tenants, tenant => Assert.Equal(
            tenant.Tenant.StartsWith("g1", StringComparison.Ordinal) ? HealthStatus.Healthy : HealthStatus.Unhealthy, tenant.Status));
    }

    [Fact]
    [Source("evolution", SourceState.Unauthorized, "gateway_unauthorized")]
    public async Task A_changed_key_is_said_first_and_nothing_about_the_instances()
    {
        await using var world = await SweepWorld.StartAsync();
        world.Add("lost", 0);
        world.Gateways[0].ApiKey = "another";

        var report = await world.SweepAsync();

        Assert.Equal(["gateway_unauthorized"], SweepWorld.Kinds(await world.OpenAsync()));
        Assert.All(report.Systems[0].Tenants, tenant => Assert.Equal(HealthStatus.Unknown, tenant.Status));
    }

    [Fact]
    public async Task A_restarting_gateway_accuses_nobody_of_being_missing()
    {
        await using var world = await SweepWorld.StartAsync(perGateway: 6);
        await world.SweepAsync();
        await world.Gateways[0].RestartAsync();

        await world.SweepAsync();

        Assert.Empty(await world.OpenAsync("instance_missing"));
    }

    [Fact]
    public async Task Instances_falling_together_are_one_incident_that_names_them_and_one_alert()
    {
        await using var slack = await SlackReceiver.StartAsync();
        await using var world = await SweepWorld.StartAsync(perGateway: 10);
        world.Alerts = new() { Routes = [new() { Name = "night", Kind = "slack", Url = slack.Url }] };
        await world.SweepAsync();
        foreach (var i in Enumerable.Range(0, 3)) world.Gateways[0].SetLoaded($"revalya-g0t{i}", false);
        foreach (var i in Enumerable.Range(0, 3)) await world.HeardAsync($"g0t{i}", InstanceState.Connecting);

        // The alert sender paces itself by the clock after its message.
        var report = await world.SweepThroughAsync();

        var incident = Assert.Single(await world.OpenAsync("gateway_degraded"));
        Assert.Equal((Severity.Critical, "g0t0, g0t1, g0t2"), (incident.Severity, incident.Evidence["tenants"]));
        Assert.Equal(3, (await world.OpenAsync("instance_not_loaded")).Count);
        Assert.Equal(HealthStatus.Unhealthy, report.OverallStatus);
        Assert.Contains("gateway_degraded, gateway gw0", Assert.Single(slack.Texts), StringComparison.Ordinal);
        Assert.Contains("g0t0, g0t1, g0t2", slack.Bodies.Single().GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-091")]
    public async Task Without_the_products_database_gateways_are_still_watched_and_nothing_closes()
    {
        await using var world = await SweepWorld.StartAsync();
        world.Add("lost", 0);
        await world.SweepAsync();
        world.Directory.Setup(d => d.PingAsync(It.IsAny<FleetSystem>(), It.IsAny<CancellationToken>())).ThrowsAsync(new NpgsqlException("Host=secret-host"));
        for (var i = 0; i < 3; i++) await world.SweepAsync();

        var findings = await world.OpenAsync();
        Assert.Equal(["instance_missing", "product_database_unreachable"], SweepWorld.Kinds(findings));
        Assert.Equal(Severity.Critical, findings.Single(finding => finding.Kind == "product_database_unreachable").Severity);
        Assert.Equal("5", findings.Single(finding => finding.Kind == "product_database_unreachable").Evidence["tenants"]);
        Assert.DoesNotContain("secret-host", JsonSerializer.Serialize(findings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inactive_but_seen_open_lately_is_found()
    {
        await using var world = await SweepWorld.StartAsync(perGateway: 2);
        await world.SweepAsync();
        world.Gateways[0].Kick("revalya-g0t0");
        world.Tenants[0] = world.Tenants[0] with { Integration = world.Tenants[0].Integration! with { IsActive = false } };

        await world.SweepAsync();

        Assert.Equal(("integration_inactive_seen_open", Severity.High, "g0t0"), Assert.Single((await world.OpenAsync()).Select(f => (f.Kind, f.Severity, f.Tenant))));
    }

    [Fact]
    public async Task Two_sweeps_at_once_are_one_observation()
    {
        await using var world = await SweepWorld.StartAsync(perGateway: 2);
        world.Add("lost", 0);
        await world.SweepAsync();
        world.Gateways[0].Seed(new InstanceSeed { Name = "revalya-lost" });
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Slow, Delay = TimeSpan.FromSeconds(2), Path = "/instance/fetchInstances" });
        var second = world.Process();
        world.Time.Advance(TimeSpan.FromMinutes(5));

        var first = world.Process().GetService(typeof(HealthSweep)) as HealthSweep;
        var other = second.GetService(typeof(HealthSweep)) as HealthSweep;
        var both = Task.WhenAll(first!.RunAsync(default), other!.RunAsync(default));
        while (!both.IsCompleted)
        {
            // The slow list takes 4 s of the 30 that it may.
            await Task.WhenAny(both, Task.Delay(50));
            world.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        var reports = await both;
        Assert.Equal(reports[0]!.Systems[0].StartedAt, reports[1]!.Systems[0].StartedAt);
        Assert.Single(await world.OpenAsync("instance_missing"));
    }

    [Fact]
    public async Task The_tokens_of_the_list_are_remembered_as_hashes_and_follow_the_list()
    {
        await using var world = await SweepWorld.StartAsync(gateways: 2, perGateway: 3, shape: (g, options) => options with { Instances = [.. options.Instances.Select((seed, i) => seed with { Token = $"planted-token-{g}-{i}" })] });
        await world.SweepAsync();
        Assert.Equal(6, await CountAsync(world, "instance_tokens t WHERE octet_length(hash) = 32"));
        Assert.Equal(0, await CountAsync(world, "instance_tokens t WHERE t::text LIKE '%planted%' OR encode(hash, 'escape') LIKE '%planted%'"));
        Assert.DoesNotContain(world.Logged, line => line.Contains("planted-token", StringComparison.Ordinal));

        using var client = new HttpClient();
        using var delete = new HttpRequestMessage(HttpMethod.Delete, $"{world.Gateways[0].Url}/instance/delete/revalya-g0t0") { Headers = { { "apikey", SweepWorld.Key } } };
        (await client.SendAsync(delete)).EnsureSuccessStatusCode();
        await Until.True(() => world.Gateways[0].Find("revalya-g0t0") is null);
        world.Gateways[1].SetFault(new Fault { Kind = FaultKind.Status, Path = "/instance/fetchInstances" });
        await world.SweepAsync();
        Assert.Equal(5, await CountAsync(world, "instance_tokens"));
    }

    [Fact]
    public async Task The_key_is_in_no_report_finding_or_log()
    {
        await using var world = await SweepWorld.StartAsync(gateways: 2);
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Status });
        world.Gateways[1].SetFault(new Fault { Kind = FaultKind.Reset });
        var report = await world.SweepAsync();

        Assert.DoesNotContain(SweepWorld.Key, JsonSerializer.Serialize(report), StringComparison.Ordinal);
        Assert.DoesNotContain(world.Logged, line => line.Contains(SweepWorld.Key, StringComparison.Ordinal));
        foreach (var table in new[] { "findings", "finding_changes", "sweeps", "system_sweeps", "alert_outbox", "instances" })
        {
            await using var count = world.Database.DataSource.CreateCommand($"SELECT count(*) FROM whatsops.{table} t WHERE t::text LIKE '%planted%'");
            Assert.Equal(0L, await count.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task The_heartbeat_is_sent_after_a_complete_sweep_only_and_its_failure_is_noted()
    {
        await using var slack = await SlackReceiver.StartAsync();
        await using var world = await SweepWorld.StartAsync(perGateway: 1);
        world.Alerts = new() { HeartbeatUrl = slack.Url };
        // The receiver takes POST only: the ping arrives and is refused.
        Assert.False((await world.SweepAsync()).HeartbeatDelivered);
        world.Alerts = new() { HeartbeatUrl = world.Gateways[0].Url };
        Assert.True((await world.SweepAsync()).HeartbeatDelivered);
        world.Alerts = new() { HeartbeatUrl = "http://127.0.0.1:1/planted-slack-secret" };
        Assert.False((await world.SweepAsync()).HeartbeatDelivered);
        world.Alerts = new();
        Assert.Null((await world.SweepAsync()).HeartbeatDelivered);
        Assert.DoesNotContain(world.Logged, line => line.Contains("planted-slack-secret", StringComparison.Ordinal));
    }

    private static async Task<long> CountAsync(SweepWorld world, string rows)
    {
        await using var count = world.Database.DataSource.CreateCommand($"SELECT count(*) FROM whatsops.{rows}");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
