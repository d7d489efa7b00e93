using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WhatsOps.Audits;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Routines;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Gateways;

namespace WhatsOps.Tests.Integration.Audits;

public sealed class IsolationTests
{
    [Fact]
    [Capability("R-067")]
    [Capability("R-068")]
    [Capability("R-119")]
    public async Task Names_are_counted_once_each_and_shared_instances_and_clear_keys_are_findings()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("good", config: """{"instance_name":"revalya-good","api_key":"planted-key"}""");
        await world.AddAsync("bare", config: """{"instance_name":"bare"}""");
        await world.AddAsync("twin", config: """{"instance_name":"revalya-good"}""");
        await world.AddAsync("typo", config: """{"instance_name":"revalya-tipo"}""");

        var outcome = await world.RunAsync("isolation");

        var rows = Report(outcome).Rows;
        Assert.Equal(["invalid_prefix", "ok", "name_of_another_tenant", "slug_mismatch"], rows.Where(row => row.Tenant is not null).Select(row => row.Status));
        Assert.Equal("4 tenants: 5 violations.", outcome.Summary);
        var shared = Assert.Single(await world.OpenAsync("instance_shared_by_tenants"));
        Assert.Equal(("revalya-good", Severity.Critical, "good, twin"), (shared.Instance, shared.Severity, shared.Evidence["tenants"]));
        Assert.Equal("good", Assert.Single(await world.OpenAsync("gateway_key_in_clear")).Evidence["tenants"]);
        Assert.DoesNotContain("planted", JsonSerializer.Serialize(outcome.Report) + string.Join('\n', world.Logged), StringComparison.Ordinal);

        await world.ExecuteAsync(world.Product, "UPDATE tenant_integrations SET config = config - 'api_key', is_active = config ->> 'instance_name' <> 'revalya-good'");
        await world.RunAsync("isolation");
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task One_name_on_two_gateways_is_worse_when_both_are_open()
    {
        await using var world = await AuditWorld.StartAsync(2);
        await world.AddAsync("moved", 1);
        await world.AddAsync("both", 1);
        world.Gateways[0].Seed([new() { Name = "revalya-moved", State = "close" }, new() { Name = "revalya-both" }, new() { Name = "other-both" }]);
        await world.RunAsync("isolation");
        Assert.Equal([("revalya-both", Severity.High), ("revalya-moved", Severity.Medium)],
            (await world.OpenAsync("instance_on_two_gateways")).OrderBy(finding => finding.Instance).Select(finding => (finding.Instance!, finding.Severity)));
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Reset });
        Assert.False((await world.RunAsync("isolation")).Complete);
        Assert.Equal(2, (await world.OpenAsync("instance_on_two_gateways")).Count);
    }

    [Fact]
    [Capability("R-069")]
    public async Task Foreign_events_of_the_last_24_hours_are_a_finding_unless_a_person_dealt_with_them()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        await world.AddAsync("beta");
        await EventAsync(world, "acme", "revalya-beta", -23.9);
        await EventAsync(world, "beta", "revalya-acme", -24.1);
        await EventAsync(world, "beta", "revalya-beta", -1, foreign: false);

        await world.RunAsync("isolation");
        var finding = Assert.Single(await world.OpenAsync("tenant_isolation_slug_mismatch"));
        Assert.Equal(("acme", "revalya-beta", Severity.Critical), (finding.Tenant, finding.Instance, finding.Severity));

        await world.Get<IFindings>().CloseAsync(finding.Id, "ana", "webhook put right", default);
        await world.RunAsync("isolation");
        Assert.Empty(await world.OpenAsync("tenant_isolation_slug_mismatch"));
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await EventAsync(world, "acme", "revalya-beta", 0);
        await world.RunAsync("isolation");
        Assert.Single(await world.OpenAsync("tenant_isolation_slug_mismatch"));
    }

    [Fact]
    public async Task The_attempt_to_break_in_fails_on_a_gateway_that_keeps_instances_apart()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        world.Gateways[0].Seed([new() { Name = "trial-a", Token = "planted-token-a" }, new() { Name = "trial-b", Token = "planted-token-b" }]);
        Assert.DoesNotContain(Report(await world.RunAsync("isolation")).Rows, row => row.Gateway is not null);
        world.Fleet = world.Fleet with { IsolationTest = new() { Instances = ["trial-a", "trial-b"] } };

        var outcome = await world.RunAsync("isolation");

        Assert.Equal("held", Assert.Single(Report(outcome).Rows, row => row.Gateway == "gw0").Status);
        Assert.Empty(await world.OpenAsync("tenant_isolation_bypass"));
        await world.Get<GatewayCallLog>().StopAsync(default);
        await using var dump = world.Operations.DataSource.CreateCommand("SELECT coalesce(string_agg(c::text, ' '), '') FROM whatsops.gateway_calls c");
        Assert.DoesNotContain("planted", (string)(await dump.ExecuteScalarAsync())! + JsonSerializer.Serialize(outcome.Report) + string.Join('\n', world.Logged), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("filter")]
    [InlineData("query")]
    [InlineData("list")]
    public async Task A_gateway_that_lets_one_token_read_another_instance_is_critical(string hole)
    {
        await using var leaky = await ScriptedGateway.StartAsync(context => Leaky(context, hole));
        await using var world = await AuditWorld.StartAsync();
        world.Fleet = world.Fleet with { Gateways = [world.Fleet.Gateways[0] with { Url = leaky.Url }], IsolationTest = new() { Instances = ["trial-a", "trial-b"] } };
        await world.RunAsync("isolation");
        var finding = Assert.Single(await world.OpenAsync("tenant_isolation_bypass"));
        Assert.Equal((Severity.Critical, "gw0", 2), (finding.Severity, finding.Gateway, finding.Evidence.Count));
        Assert.DoesNotContain("token-", string.Join(' ', finding.Evidence.Values), StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-069", Absent = true)]
    public async Task Test_instances_that_are_not_there_leave_the_break_in_untried_and_that_is_said()
    {
        await using var world = await AuditWorld.StartAsync();
        world.Gateways[0].Seed(new InstanceSeed { Name = "trial-a" });
        world.Fleet = world.Fleet with { IsolationTest = new() { Instances = ["trial-a", "trial-b"] } };
        await world.RunAsync("isolation");
        Assert.Contains("trial-b is not on the gateway", Assert.Single(await world.OpenAsync("audit_not_observable")).Cause, StringComparison.Ordinal);
    }

    private static AuditReport Report(RoutineOutcome outcome) => Assert.IsType<AuditReport>(outcome.Report);

    private static Task EventAsync(AuditWorld world, string tenant, string instance, double hours, bool foreign = true) =>
        world.EventAsync(tenant, instance, world.Time.GetUtcNow().AddHours(hours), foreign);

    /// <summary>A gateway with two instances and one hole.</summary>
    private static async Task Leaky(HttpContext context, string hole)
    {
        var (key, path, query) = (context.Request.Headers["apikey"].ToString(), context.Request.Path.Value!, context.Request.Query["instanceName"].ToString());
        var own = key == "token-a" ? "trial-a" : key == "token-b" ? "trial-b" : null;
        object? answer = null;
        if (path == "/") answer = new { status = 200, version = "2.3.5", message = "Welcome" };
        else if (path == "/instance/fetchInstances")
        {
            string[] shown = own is null || (query.Length > 0 && hole == "filter") || (query.Length == 0 && hole == "list") ? ["trial-a", "trial-b"] : [own];
            answer = shown.Where(name => query.Length == 0 || name == query).Select(name => new { name, connectionStatus = "open", token = name.Replace("trial", "token", StringComparison.Ordinal) });
        }
        else if (path.StartsWith("/instance/connectionState/", StringComparison.Ordinal) && (own is null || path.EndsWith(own, StringComparison.Ordinal)))
            answer = new { instance = new { instanceName = hole == "query" && query.Length > 0 ? query : path[(path.LastIndexOf('/') + 1)..], state = "open" } };
        context.Response.StatusCode = answer is null ? 401 : 200;
        await context.Response.WriteAsJsonAsync(answer ?? new { status = 401, error = "Unauthorized" });
    }
}
