using WhatsOps.Audits;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Routines;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Audits;

public sealed class WebhookDriftTests
{
    [Fact]
    [Capability("R-042")]
    public async Task The_gateway_s_own_truth_is_compared_and_the_plan_says_what_would_change()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("good");
        var wrong = await world.WebhookAsync("wrong");
        await world.AddAsync("wrong", instance: Instance("wrong", wrong with { Url = "https://elsewhere.example.com/hook?code=planted", Headers = new Dictionary<string, string> { ["x-whatsops-secret"] = "planted-secret" } }));
        await world.AddAsync("off", instance: Instance("off", await world.WebhookAsync("off") with { Enabled = false }));
        await world.AddAsync("fewer", instance: Instance("fewer", await world.WebhookAsync("fewer") with { Events = ["CONNECTION_UPDATE"] }));
        await world.AddAsync("bare", instance: Instance("bare", null));
        await world.AddAsync("gone", withInstance: false);

        var outcome = await world.RunAsync("webhook-drift");

        Assert.True(outcome.Complete);
        Assert.Equal("6 active tenants: 4 webhooks differ, 0 are silent.", outcome.Summary);
        var rows = Report(outcome).Rows.ToDictionary(row => row.Tenant!);
        Assert.Equal(["drift", "drift", "missing", "ok", "drift", "drift"], rows.OrderBy(row => row.Key).Select(row => row.Value.Status));
        Assert.Equal(["url", "headers.x-whatsops-secret"], rows["wrong"].Differences.Select(difference => difference.Field));
        Assert.Equal("https://elsewhere.example.com/hook?…", rows["wrong"].Differences[0].Is);
        var findings = (await world.OpenAsync("webhook_drift")).ToDictionary(finding => finding.Tenant!);
        Assert.Equal([("bare", Severity.High), ("fewer", Severity.Medium), ("off", Severity.High), ("wrong", Severity.High)],
            findings.OrderBy(finding => finding.Key).Select(finding => (finding.Key, finding.Value.Severity)));
        Assert.All(findings.Values, finding => Assert.Equal("repair-webhook", finding.Remedy));
        var said = System.Text.Json.JsonSerializer.Serialize(outcome.Report) + string.Join('\n', findings.Values.Select(finding => finding.Cause + string.Join(' ', finding.Evidence))) + string.Join('\n', world.Logged);
        Assert.DoesNotContain("planted", said, StringComparison.Ordinal);
        // One call per instance that is there, and one look more where "none" could mean "not loaded".
        Assert.Equal(5, world.Gateways[0].Calls.Count(call => call.Path.StartsWith("/webhook/find/", StringComparison.Ordinal)));
        Assert.Equal(1, world.Gateways[0].Calls.Count(call => call.Path.StartsWith("/instance/connectionState/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Until_the_fleet_file_says_where_events_go_on_to_nothing_is_offered_as_a_repair()
    {
        await using var world = await AuditWorld.StartAsync();
        world.Fleet = world.Fleet with { Webhook = world.Fleet.Webhook with { DeliverTo = null } };
        await world.AddAsync("bare", instance: Instance("bare", null));
        await world.RunAsync("webhook-drift");
        Assert.Null(Assert.Single(await world.OpenAsync("webhook_drift")).Remedy);
    }

    [Fact]
    public async Task A_secret_that_was_rotated_is_drift_until_the_gateway_has_the_new_one()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme");
        await world.Get<ITenantSecrets>().RotateAsync(AuditWorld.System, "acme", default);
        world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("the tenant's previous secret", Assert.Single(Assert.Single(Report(await world.RunAsync("webhook-drift")).Rows).Differences).Is);
    }

    [Fact]
    [Capability("R-044")]
    [Capability("R-117")]
    public async Task An_open_instance_that_was_heard_of_and_fell_silent_for_24_hours_is_a_finding_until_it_is_heard_again()
    {
        await using var world = await AuditWorld.StartAsync();
        foreach (var slug in (string[])["talks", "silent", "never"]) await world.AddAsync(slug);
        await HeardAsync(world, "silent");
        world.Time.Advance(TimeSpan.FromMinutes(2));
        await HeardAsync(world, "talks");
        world.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMinutes(1.5));

        var outcome = await world.RunAsync("webhook-drift");

        Assert.Equal("silent", Assert.Single(await world.OpenAsync("webhook_silent")).Tenant);
        Assert.Equal(["ok", "silent", "ok"], Report(outcome).Rows.OrderBy(row => row.Tenant).Select(row => row.Status));
        Assert.Contains("last event never", Report(outcome).Rows.Single(row => row.Tenant == "never").Detail, StringComparison.Ordinal);
        await HeardAsync(world, "silent");
        await world.RunAsync("webhook-drift");
        Assert.DoesNotContain(await world.OpenAsync("webhook_silent"), finding => finding.Tenant == "silent");
    }

    [Fact]
    public async Task A_gateway_that_is_away_hides_no_other_and_closes_nothing_of_its_own()
    {
        await using var world = await AuditWorld.StartAsync(2);
        await world.AddAsync("here", 0, instance: Instance("here", null));
        await world.AddAsync("there", 1, instance: Instance("there", null));
        await world.RunAsync("webhook-drift");
        Assert.Equal(2, (await world.OpenAsync("webhook_drift")).Count);
        world.Gateways[1].SetFault(new Fault { Kind = FaultKind.Reset });
        await SetWebhookAsync(world, "here");

        var outcome = await world.RunAsync("webhook-drift");

        Assert.False(outcome.Complete);
        Assert.Equal(["ok", "unknown"], Report(outcome).Rows.OrderBy(row => row.Tenant).Select(row => row.Status));
        Assert.Equal("there", Assert.Single(await world.OpenAsync("webhook_drift")).Tenant);
    }

    [Fact]
    public async Task An_instance_that_is_not_loaded_is_not_accused_of_having_no_webhook()
    {
        await using var world = await AuditWorld.StartAsync();
        await world.AddAsync("acme", instance: Instance("acme", await world.WebhookAsync("acme")) with { Loaded = false });
        var outcome = await world.RunAsync("webhook-drift");
        Assert.Equal("unknown", Assert.Single(Report(outcome).Rows).Status);
        Assert.False(outcome.Complete);
        Assert.Empty(await world.OpenAsync("webhook_drift"));
    }

    [Fact]
    [Capability("R-042", Absent = true)]
    public async Task Evolution_1_x_has_no_headers_and_that_is_said()
    {
        await using var world = await AuditWorld.StartAsync(shape: (_, options) => options with { Version = "1.8.2" });
        await world.AddAsync("acme", instance: Instance("acme", await world.WebhookAsync("acme") with { Headers = null }));
        var outcome = await world.RunAsync("webhook-drift");
        Assert.Equal("ok", Assert.Single(Report(outcome).Rows).Status);
        Assert.Equal("gw0", Assert.Single(await world.OpenAsync("audit_not_observable")).Gateway);
    }

    [Fact]
    public async Task A_gateway_that_stops_answering_in_the_middle_is_not_asked_on_and_on()
    {
        await using var world = await AuditWorld.StartAsync();
        for (var i = 0; i < 60; i++) await world.AddAsync($"t{i:00}", instance: Instance($"t{i:00}", null));
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Reset, Path = "/webhook/find/*" });
        var outcome = await world.RunAsync("webhook-drift");
        Assert.False(outcome.Complete);
        Assert.InRange(world.Gateways[0].Calls.Count(call => call.Path.StartsWith("/webhook/find/", StringComparison.Ordinal)), 10, 25);
        Assert.All(Report(outcome).Rows, row => Assert.Equal("unknown", row.Status));
    }

    private static AuditReport Report(RoutineOutcome outcome) => Assert.IsType<AuditReport>(outcome.Report);

    private static InstanceSeed Instance(string slug, WebhookSeed? webhook) => new() { Name = $"revalya-{slug}", Webhook = webhook };

    private static Task HeardAsync(AuditWorld world, string slug) => world.Get<IInstanceStates>().RecordAsync(
        [new InstanceSighting(AuditWorld.System, slug, "gw0", $"revalya-{slug}", InstanceState.Open, world.Time.GetUtcNow(), "webhook", null)], CancellationToken.None);

    private static async Task SetWebhookAsync(AuditWorld world, string slug)
    {
        var seed = await world.WebhookAsync(slug);
        await world.Get<IGateways>().Open(world.Fleet, world.Fleet.Gateways[0]).SetWebhookAsync(
            $"revalya-{slug}", new WebhookSettings(true, seed.Url, seed.Headers!, seed.Events, false, false), CancellationToken.None);
    }
}
