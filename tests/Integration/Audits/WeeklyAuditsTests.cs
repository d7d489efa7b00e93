using System.Text.Json;
using WhatsOps.Audits;
using WhatsOps.Cli.Up;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Audits;

public sealed class WeeklyAuditsTests
{
    [Fact]
    [Capability("R-122")]
    public async Task Data_that_contradicts_itself_or_the_gateways_is_told_tenant_by_tenant()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("good");
        await world.AddAsync("left", tenantActive: false);
        await world.AddAsync("bare", config: """{"instance_name":"revalya-bare"}""");
        await world.AddAsync("Twin");
        await world.AddAsync("twin");
        world.Gateways[0].Seed(new InstanceSeed { Name = "revalya-rowless" });
        await RevalyaTables.SeedAsync(world.Product, "rowless");

        var outcome = await world.RunAsync("data-integrity");

        Assert.True(outcome.Complete);
        Assert.Equal("6 tenants, 5 contradictions.", outcome.Summary);
        Assert.Equal(
            [("Twin", "slugs_differ_by_case"), ("bare", "empty_config_keys"), ("left", "active_row_of_inactive_tenant"), ("rowless", "instance_without_row"), ("twin", "slugs_differ_by_case")],
            (await world.OpenAsync("data_integrity_violation")).OrderBy(finding => finding.Tenant, StringComparer.Ordinal).Select(finding => (finding.Tenant!, finding.Evidence["rule"])));
        Assert.Equal("ok", Report(outcome).Rows.Single(row => row.Tenant == "good").Status);

        await world.ExecuteAsync(world.Product, "UPDATE tenants SET is_active = true; DELETE FROM tenants t WHERE NOT EXISTS (SELECT 1 FROM tenant_integrations i WHERE i.tenant_id = t.id)");
        await world.RunAsync("data-integrity");
        Assert.Equal(["Twin", "bare", "twin"], (await world.OpenAsync("data_integrity_violation")).Select(finding => finding.Tenant!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Several_contradictions_of_one_tenant_are_several_findings_and_close_one_by_one()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme", config: """{"instance_name":"revalya-acme"}""", tenantActive: false);
        await world.RunAsync("data-integrity");
        Assert.Equal(2, (await world.OpenAsync("data_integrity_violation")).Count);
        await world.ExecuteAsync(world.Product, "UPDATE tenants SET is_active = true");
        await world.RunAsync("data-integrity");
        Assert.Equal("empty_config_keys", Assert.Single(await world.OpenAsync("data_integrity_violation")).Evidence["rule"]);
    }

    [Fact]
    public async Task Keys_and_tokens_are_looked_at_in_memory_and_never_said()
    {
        await using var world = await AuditWorld.StartAsync(2);
        await world.AddAsync("acme", 0, instance: new InstanceSeed { Name = "revalya-acme", Token = "planted-shared-token" });
        await world.AddAsync("beta", 0, instance: new InstanceSeed { Name = "revalya-beta", Token = "planted-shared-token" });
        world.Gateways[1].ApiKey = "planted-short";
        world.Settings["${env:SHORT}"] = "planted-short";
        world.Fleet = world.Fleet with { Gateways = [world.Fleet.Gateways[0], world.Fleet.Gateways[1] with { ApiKey = "${env:SHORT}" }] };

        var outcome = await world.RunAsync("keys");

        Assert.Equal(["ok", "tokens_shown", "token_shared", "too_short"], Report(outcome).Rows.Select(row => row.Status));
        Assert.Equal(("gw1", Severity.High), (Assert.Single(await world.OpenAsync("gateway_key_weak")).Gateway, Assert.Single(await world.OpenAsync("gateway_key_weak")).Severity));
        Assert.Equal("revalya-acme, revalya-beta", Assert.Single(await world.OpenAsync("instance_token_shared")).Evidence["instances"]);
        Assert.Equal(Severity.Info, Assert.Single(await world.OpenAsync("instance_tokens_exposed")).Severity);
        Assert.DoesNotContain("planted", JsonSerializer.Serialize(outcome) + JsonSerializer.Serialize(await world.OpenAsync()) + string.Join('\n', world.Logged), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_opens_two_gateways_or_is_an_instance_s_token_is_told()
    {
        await using var world = await AuditWorld.StartAsync(2);
        await world.RunAsync("keys");
        Assert.Equal(["same_as_another_gateway", "same_as_another_gateway"], (await world.OpenAsync("gateway_key_weak")).Select(finding => finding.Evidence["weakness"]));
        world.Gateways[1].Seed(new InstanceSeed { Name = "revalya-acme", Token = AuditWorld.Key });
        await world.RunAsync("keys");
        var findings = await world.OpenAsync("gateway_key_weak");
        Assert.Equal([("gw0", "same_as_another_gateway"), ("gw1", "same_as_an_instance_token")], findings.OrderBy(finding => finding.Gateway, StringComparer.Ordinal).Select(finding => (finding.Gateway!, finding.Evidence["weakness"])));
        Assert.Equal(Severity.Critical, findings.Single(finding => finding.Gateway == "gw1").Severity);
    }

    [Fact]
    public async Task Without_a_receiver_of_ours_a_webhook_without_any_proof_is_told()
    {
        await using var world = await AuditWorld.StartAsync();
        world.Fleet = world.Fleet with { Webhook = world.Fleet.Webhook with { BaseUrl = null } };
        var hook = new WebhookSeed { Url = "https://product.example.com/hook" };
        await world.AddAsync("open", instance: new InstanceSeed { Name = "revalya-open", Webhook = hook });
        await world.AddAsync("query", instance: new InstanceSeed { Name = "revalya-query", Webhook = hook with { Url = hook.Url + "?code=planted" } });
        await world.AddAsync("header", instance: new InstanceSeed { Name = "revalya-header", Webhook = hook with { Headers = new Dictionary<string, string> { ["authorization"] = "Bearer planted" } } });
        await world.RunAsync("keys");
        Assert.Equal("open", Assert.Single(await world.OpenAsync("webhook_without_secret")).Tenant);
    }

    [Fact]
    public async Task A_version_that_is_known_to_be_bad_is_a_finding_per_reason_until_the_upgrade()
    {
        await using var old = await EvolutionSimulator.StartAsync(new() { ApiKey = AuditWorld.Key, Version = "2.2.1" });
        await using var world = await AuditWorld.StartAsync(shape: (_, options) => options with { Version = "2.4.0" });
        var current = world.Fleet.Gateways[0];
        world.Fleet = world.Fleet with { Gateways = [current with { Url = old.Url }] };
        await world.RunAsync("gateway-versions");
        Assert.Equal(["fixed_webhook_retry", "instance_name_in_query", "no_metrics"], (await world.OpenAsync("gateway_version_known_bad")).Select(finding => finding.Evidence["entry"]).Order(StringComparer.Ordinal));
        world.Fleet = world.Fleet with { Gateways = [current] };
        Assert.Equal("ok", Assert.Single(Report(await world.RunAsync("gateway-versions")).Rows).Status);
        Assert.Empty(await world.OpenAsync("gateway_version_known_bad"));
    }

    [Fact]
    public async Task A_version_that_is_none_is_not_observable()
    {
        await using var world = await AuditWorld.StartAsync(shape: (_, options) => options with { Version = "latest" });
        Assert.Equal("unknown", Assert.Single(Report(await world.RunAsync("gateway-versions")).Rows).Status);
        Assert.Equal("gw0", Assert.Single(await world.OpenAsync("audit_not_observable")).Gateway);
    }

    [Fact]
    public async Task Every_optional_endpoint_is_available_absent_or_refused_and_what_is_needed_and_absent_is_a_finding()
    {
        await using var world = await AuditWorld.StartAsync(shape: (_, options) => options with { Metrics = true });
        await world.AddAsync("acme");
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Status, Status = 404, Path = "/chat/findMessages/*" });

        var outcome = await world.RunAsync("capabilities");

        Assert.True(outcome.Complete);
        var rows = Report(outcome).Rows.ToDictionary(row => row.Detail.Split(' ')[0], row => row.Status);
        Assert.Equal(("available", "available", "available", "available", "available"), (rows["metrics"], rows["webhook"], rows["settings"], rows["proxy"], rows["send_text"]));
        Assert.Equal("absent", rows["rabbitmq"]);
        Assert.DoesNotContain(world.Gateways[0].Calls, call => call.Acted);
        Assert.Equal("find_messages", Assert.Single(await world.OpenAsync("capability_missing")).Evidence["capability"]);
    }

    [Fact]
    public async Task An_absent_or_refused_endpoint_is_never_called_available()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Status, Status = 404, Path = "/webhook/find/*" });
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Status, Status = 401, Path = "/settings/find/*" });
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Status, Status = 500, Path = "/proxy/find/*" });

        var outcome = await world.RunAsync("capabilities");

        var rows = Report(outcome).Rows.ToDictionary(row => row.Detail.Split(' ')[0], row => row.Status);
        Assert.Equal(("absent", "unauthorized", "unknown"), (rows["metrics"], rows["settings"], rows["proxy"]));
        Assert.NotEqual("available", rows["webhook"]);
        Assert.Contains(await world.OpenAsync("capability_missing"), finding => finding.Evidence["capability"] == "webhook");
        Assert.False(outcome.Complete);
    }

    private static AuditReport Report(RoutineOutcome outcome) => Assert.IsType<AuditReport>(outcome.Report);
}
