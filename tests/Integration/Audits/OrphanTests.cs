using StackExchange.Redis;
using WhatsOps.Audits;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Routines;
using WhatsOps.Simulator;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Audits;

public sealed class OrphanTests
{
    [Fact]
    [Capability("R-052")]
    public async Task A_row_whose_tenant_is_gone_is_told_until_it_is_gone_too()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        await world.AddAsync("left");
        await world.ExecuteAsync(world.Product, "ALTER TABLE tenant_integrations DROP CONSTRAINT tenant_integrations_tenant_id_fkey; DELETE FROM tenants WHERE slug = 'left'");
        await world.RunAsync("orphans");
        Assert.Equal(("revalya-left", Severity.Medium), (Assert.Single(await world.OpenAsync("orphan_integration")).Instance, Assert.Single(await world.OpenAsync("orphan_integration")).Severity));
        await world.ExecuteAsync(world.Product, "DELETE FROM tenant_integrations i WHERE NOT EXISTS (SELECT 1 FROM tenants t WHERE t.id = i.tenant_id)");
        await world.RunAsync("orphans");
        Assert.Empty(await world.OpenAsync("orphan_integration"));
    }

    [Fact]
    [Capability("R-052", Absent = true)]
    public async Task Without_any_tenant_nothing_is_called_an_orphan()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        await world.ExecuteAsync(world.Product, "ALTER TABLE tenant_integrations DROP CONSTRAINT tenant_integrations_tenant_id_fkey; DELETE FROM tenants");
        var outcome = await world.RunAsync("orphans");
        Assert.False(outcome.Complete);
        Assert.Empty(await world.OpenAsync("orphan_integration"));
        Assert.Empty(await world.OpenAsync("orphan_instance"));
        Assert.Contains(await world.OpenAsync("audit_not_observable"), finding => finding.Severity == Severity.Medium);
    }

    [Fact]
    [Capability("R-089")]
    public async Task Instances_of_nobody_are_told_with_the_day_since_when_and_a_tenant_s_row_ends_it()
    {
        await using var world = await AuditWorld.StartAsync();
        foreach (var slug in (string[])["acme", "beta", "gama"]) await world.AddAsync(slug);
        world.Gateways[0].Seed([new() { Name = "revalya-left", State = "close" }, new() { Name = "revalya-ghost" }, new() { Name = "strangers" }]);
        await world.RunAsync("orphans");
        Assert.Equal([("revalya-ghost", Severity.Medium), ("revalya-left", Severity.Low)], (await world.OpenAsync("orphan_instance")).OrderBy(finding => finding.Instance).Select(finding => (finding.Instance!, finding.Severity)));
        var since = (await world.Get<IOrphanStore>().ListAsync(AuditWorld.System, "gw0", default))[0].FirstSeen;

        world.Time.Advance(TimeSpan.FromDays(7));
        await world.AddAsync("ghost", withInstance: false);
        await world.RunAsync("orphans");
        var left = Assert.Single(await world.OpenAsync("orphan_instance"));
        Assert.Equal("revalya-left", left.Instance);
        Assert.Contains(since.ToUniversalTime().ToString("u", System.Globalization.CultureInfo.InvariantCulture), left.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain(world.Gateways[0].Calls, call => call.Acted);
    }

    [Fact]
    public async Task Session_keys_without_an_instance_are_counted_and_their_values_are_never_read()
    {
        var redis = await TestServers.RedisAsync();
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        world.Settings["${env:REDIS}"] = redis.ConnectionString;
        world.Fleet = world.Fleet with { Redis = new() { ConnectionString = "${env:REDIS}", Prefix = "evo-a" } };
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var keys = connection.GetDatabase();
        await keys.HashSetAsync($"evo-a:instance:{world.Gateways[0].Find("revalya-acme")!.Id}", "creds", "planted-session");
        await keys.HashSetAsync("evo-a:instance:deleted-long-ago", "creds", "planted-session");
        await keys.HashSetAsync("evo-b:instance:of-another-system", "creds", "planted-session");
        await keys.StringSetAsync("evo-a:baileys:something", "else");

        var outcome = await world.RunAsync("orphans");

        Assert.True(outcome.Complete);
        Assert.Equal("0 rows, 0 instances and 1 session keys belong to nobody.", outcome.Summary);
        var finding = Assert.Single(await world.OpenAsync("orphan_session_keys"));
        Assert.Equal(("1", "2", "deleted-long-ago"), (finding.Evidence["orphans"], finding.Evidence["keys"], finding.Evidence["instance_ids"]));
        Assert.Empty(await world.OpenAsync("audit_not_observable"));

        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Reset });
        Assert.False((await world.RunAsync("orphans")).Complete);
        Assert.Single(await world.OpenAsync("orphan_session_keys"));
        world.Gateways[0].ClearFaults();
        await keys.KeyDeleteAsync("evo-a:instance:deleted-long-ago");
        await world.RunAsync("orphans");
        Assert.Empty(await world.OpenAsync("orphan_session_keys"));
    }

    [Fact]
    [Capability("R-089", Absent = true)]
    public async Task Without_a_Redis_in_the_fleet_file_its_keys_are_not_observable_and_one_that_is_away_or_refuses_us_is_not_empty()
    {
        var redis = await TestServers.RedisAsync();
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        Assert.True((await world.RunAsync("orphans")).Complete);
        Assert.Equal("redis", Assert.Single(await world.OpenAsync("audit_not_observable")).Evidence["source"]);

        world.Fleet = world.Fleet with { Redis = new() { ConnectionString = "${env:REDIS}" } };
        world.Settings["${env:REDIS}"] = $"127.0.0.1:{redis.Port},password=planted-wrong";
        var refused = await world.RunAsync("orphans");
        world.Settings["${env:REDIS}"] = "127.0.0.1:1,password=planted-wrong";
        var away = await world.RunAsync("orphans");
        Assert.All((RoutineOutcome[])[refused, away], outcome =>
        {
            Assert.False(outcome.Complete);
            Assert.Contains("session keys", Assert.Single(Assert.IsType<AuditReport>(outcome.Report).Unfinished), StringComparison.Ordinal);
            Assert.DoesNotContain("planted", System.Text.Json.JsonSerializer.Serialize(outcome), StringComparison.Ordinal);
        });
    }
}
