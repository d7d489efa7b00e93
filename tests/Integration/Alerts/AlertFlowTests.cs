using Microsoft.Extensions.DependencyInjection;
using Moq;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>From findings in a real database to messages at a real receiver.</summary>
public sealed class AlertFlowTests : IAsyncLifetime
{
    private AlertRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await AlertRig.StartAsync();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact, Capability("R-111"), Capability("R-188")]
    public async Task A_finding_is_told_once_then_again_after_the_cooldown_then_its_recovery()
    {
        await rig.PassAsync(Sample.Finding());
        await rig.TellAsync();
        await rig.PassAsync(Sample.Finding());
        await rig.TellAsync();
        Assert.Equal("⚠️ WARNING: WhatsApp Integration Alert – instance_missing, tenant acme (revalya)", Assert.Single(rig.Slack.Texts));

        rig.Time.Advance(TimeSpan.FromMinutes(60));
        await rig.TellAsync();
        Assert.Contains("still open: instance_missing", rig.Slack.Texts.Last(), StringComparison.Ordinal);

        await rig.PassAsync();
        await rig.TellAsync();
        Assert.Equal(2, rig.Slack.Bodies.Count);
        await rig.PassAsync();
        await rig.TellAsync();
        Assert.Equal("✅ INFO: WhatsApp Integration Alert – recovered: instance_missing, tenant acme (revalya)", rig.Slack.Texts.Last());
        Assert.Equal(3, rig.Slack.Bodies.Count);
    }

    [Fact, Capability("R-244")]
    public async Task The_security_team_hears_of_security_beside_the_usual_channel_and_of_nothing_else()
    {
        await using var team = await SlackReceiver.StartAsync();
        rig.Fleet.Setup(f => f.Resolve("${env:SECURITY_WEBHOOK}")).Returns(team.Url);
        rig.Fleet.Setup(f => f.Resolve("${env:SECURITY_SECRET}")).Returns("whsec_" + Convert.ToBase64String("a-secret-of-the-team"u8));
        rig.Apply(new()
        {
            Routes = [AlertRig.Night, new() { Name = "security", Kind = "webhook", Url = "${env:SECURITY_WEBHOOK}", Secret = "${env:SECURITY_SECRET}", Match = new() { Security = true } }],
        });
        await rig.PassAsync(Sample.Finding(), Sample.Finding("tenant_isolation_bypass", tenant: null, severity: Severity.Critical, remedy: null));
        await rig.TellAsync();

        Assert.Equal(["instance_missing, tenant acme", "tenant_isolation_bypass, gateway g1"], rig.Titles.Order());
        var told = Assert.Single(team.Bodies).GetProperty("data");
        Assert.Equal("tenant_isolation_bypass", Assert.Single(told.GetProperty("findings").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Contains("whatsops watch evidence revalya", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flapping_within_the_cooldown_is_one_alert_and_one_recovery()
    {
        for (var i = 0; i < 4; i++)
        {
            await rig.PassAsync(Sample.Finding());
            await rig.TellAsync();
            await rig.PassAsync();
            await rig.PassAsync();
            await rig.TellAsync();
        }

        Assert.Equal(2, rig.Slack.Bodies.Count);
    }

    [Fact]
    public async Task A_gateway_incident_holds_its_tenants_back_until_it_is_over()
    {
        await rig.Findings.RecordAsync(new CheckRun("gateway", "revalya", "g1", true, rig.Tick(), 1),
            [Sample.Finding("gateway_degraded", "gateway", tenant: null, severity: Severity.Critical, remedy: null)], CancellationToken.None);
        await rig.PassAsync([.. Enumerable.Range(0, 30).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await rig.TellAsync();
        Assert.StartsWith("🚨 CRITICAL: WhatsApp Integration Alert – gateway_degraded, gateway g1", Assert.Single(rig.Slack.Texts), StringComparison.Ordinal);

        // The gateway is back, two tenants are not.
        await rig.Findings.RecordAsync(new CheckRun("gateway", "revalya", "g1", true, rig.Tick(), 1), [], CancellationToken.None);
        await rig.PassAsync(Sample.Finding(tenant: "t1"), Sample.Finding(tenant: "t2"));
        await rig.PassAsync(Sample.Finding(tenant: "t1"), Sample.Finding(tenant: "t2"));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.TellAsync();
        Assert.Equal(["gateway_degraded, gateway g1", "instance_missing, tenant t1", "instance_missing, tenant t2", "recovered: gateway_degraded, gateway g1"],
            rig.Slack.Texts.Select(text => text.Split(" – ")[1].Replace(" (revalya)", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_findings_of_one_sweep_are_one_message()
    {
        await rig.PassAsync([.. Enumerable.Range(0, 17).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await rig.TellAsync();
        Assert.Equal("⚠️ WARNING: WhatsApp Integration Alert – 17 findings (revalya)", Assert.Single(rig.Slack.Texts));
    }

    [Fact]
    public async Task A_silence_holds_and_the_alert_comes_when_it_ends()
    {
        await rig.PassAsync(Sample.Finding());
        var finding = Assert.Single(await rig.Findings.ListAsync(new FindingQuery(), CancellationToken.None));
        await rig.Findings.SilenceAsync(finding.Id, "ana", rig.Time.GetUtcNow().AddMinutes(30), null, CancellationToken.None);
        await rig.TellAsync();
        Assert.Empty(rig.Slack.Bodies);

        rig.Time.Advance(TimeSpan.FromMinutes(30));
        await rig.TellAsync();
        Assert.Single(rig.Slack.Bodies);
    }

    [Fact]
    public async Task A_more_specific_finding_at_the_same_instance_is_no_recovery_of_the_first()
    {
        await rig.PassAsync(Sample.Finding("instance_not_open", severity: Severity.Medium));
        await rig.TellAsync();
        for (var i = 0; i < 2; i++) await rig.PassAsync(Sample.Finding("instance_stuck_connecting"));
        await rig.TellAsync();
        Assert.DoesNotContain(rig.Slack.Texts, text => text.Contains("recovered", StringComparison.Ordinal));

        for (var i = 0; i < 2; i++) await rig.PassAsync();
        await rig.TellAsync();
        Assert.Single(rig.Slack.Texts, text => text.Contains("recovered: instance_stuck_connecting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rate_limit_is_obeyed_and_nothing_is_lost()
    {
        rig.Slack.Answers.Enqueue(-30);
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(29));
        await rig.OnceAsync();
        Assert.Empty(rig.Slack.Bodies);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.OnceAsync();
        Assert.Single(rig.Slack.Bodies);
    }

    [Fact]
    public async Task Failures_back_off_and_the_message_keeps_its_id_until_it_dies()
    {
        foreach (var _ in Enumerable.Range(0, AlertSender.MaxAttempts)) rig.Slack.Answers.Enqueue(500);
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(4));
        await rig.OnceAsync();
        Assert.Equal(1, await rig.CountAsync("SELECT max(attempts) FROM whatsops.alert_outbox"));
        for (var i = 0; i < AlertSender.MaxAttempts; i++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(10));
            await rig.Services.GetRequiredService<AlertSender>().DrainAsync(TimeSpan.Zero, CancellationToken.None);
        }

        Assert.Equal(1, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_outbox WHERE dead_at IS NOT NULL AND last_error = 'HTTP 500'"));
        Assert.Empty(rig.Slack.Bodies);
    }

    [Fact]
    public async Task Two_processes_tell_once()
    {
        await using var second = rig.Process();
        await rig.PassAsync([.. Enumerable.Range(0, 3).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => rig.TellAsync(i % 2 == 0 ? rig.Services : second)));
        await rig.TellAsync();
        Assert.Equal(3, rig.Slack.Bodies.Select(body => body.GetRawText()).Distinct().Count());
        Assert.Equal(3, rig.Slack.Bodies.Count);
    }

    [Fact]
    public async Task One_message_a_second_and_no_faster()
    {
        await rig.PassAsync([.. Enumerable.Range(0, 3).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await rig.Services.GetRequiredService<AlertPlanner>().PlanAsync(CancellationToken.None);
        var sender = rig.Services.GetRequiredService<AlertSender>();
        await sender.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        await sender.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Single(rig.Slack.Bodies);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await sender.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(2, rig.Slack.Bodies.Count);
    }

    [Fact, Capability("R-113")]
    public async Task Routes_have_their_own_threshold_and_a_removed_route_loses_its_messages()
    {
        rig.Apply(new AlertSettings
        {
            Routes = [AlertRig.Night with { MinSeverity = Severity.Critical }, new() { Name = "log", Kind = "log", MinSeverity = Severity.Info }],
        });
        await rig.PassAsync(Sample.Finding());
        await rig.TellAsync();
        Assert.Empty(rig.Slack.Bodies);
        Assert.Contains(rig.Logged, line => line.Contains("ALERT [warning]", StringComparison.Ordinal) && line.Contains("whatsops runbooks run reset-integration --system revalya --tenant acme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_slack_address_is_nowhere_but_on_the_wire()
    {
        foreach (var answer in new[] { 500, -1, 404 }) rig.Slack.Answers.Enqueue(answer);
        await rig.PassAsync(Sample.Finding());
        for (var i = 0; i < 4; i++)
        {
            await rig.TellAsync();
            rig.Time.Advance(TimeSpan.FromMinutes(10));
        }

        rig.Fleet.Setup(f => f.Resolve("${env:SLACK}")).Returns("http://127.0.0.1:1/planted-slack-secret");
        await rig.PassAsync(Sample.Finding(), Sample.Finding(tenant: "beta"));
        await rig.TellAsync();
        rig.Fleet.Setup(f => f.Resolve("${env:SLACK}")).Returns("not a URL planted-slack-secret");
        rig.Time.Advance(TimeSpan.FromMinutes(10));
        await rig.TellAsync();

        Assert.NotEmpty(rig.Logged);
        Assert.DoesNotContain(rig.Logged, line => line.Contains("planted-slack-secret", StringComparison.Ordinal));
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_outbox o WHERE o::text LIKE '%planted%'"));
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_routes o WHERE o::text LIKE '%planted%'"));
    }

    [Fact]
    public async Task What_was_tried_is_said()
    {
        var runs = new Mock<IAttemptedRemedies>();
        runs.Setup(r => r.ForTenantAsync("revalya", "acme", It.IsAny<CancellationToken>())).ReturnsAsync([new("reset-integration", "ana", rig.Time.GetUtcNow(), "failed")]);
        await using var process = rig.Process(runs.Object);
        await rig.PassAsync(Sample.Finding());
        await rig.TellAsync(process);
        Assert.Contains("reset-integration by ana at 2030-01-01 12:00 UTC: failed", Assert.Single(rig.Slack.Bodies).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_says_how_many_it_holds_back()
    {
        await rig.PassAsync([.. Enumerable.Range(0, 7).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await rig.Findings.RecordAsync(new CheckRun("instances", "revalya", "g2", true, rig.Tick(), 2), [Sample.Finding(gateway: "g2", tenant: "other")], CancellationToken.None);
        await rig.Findings.RecordAsync(new CheckRun("gateway", "revalya", "g1", true, rig.Tick(), 1),
            [Sample.Finding("gateway_unreachable", "gateway", tenant: null, severity: Severity.Critical, remedy: null)], CancellationToken.None);
        await rig.TellAsync();
        Assert.Equal(["gateway_unreachable, gateway g1", "instance_missing, tenant other"], rig.Titles.Order(StringComparer.Ordinal));
        Assert.Contains("7 findings that this explains", rig.Slack.Bodies.Select(body => body.GetRawText()).Single(body => body.Contains("gateway_unreachable", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_product_database_that_is_down_holds_back_the_instances_of_every_gateway_of_its_system_and_no_other()
    {
        await rig.Findings.RecordAsync(new CheckRun("product_database", "revalya", null, true, rig.Tick(), 1),
            [Sample.Finding("product_database_unreachable", "product_database", gateway: null, tenant: null, severity: Severity.Critical, remedy: null)], CancellationToken.None);
        await rig.PassAsync(Sample.Finding(), Sample.Finding("tenant_isolation_slug_mismatch", severity: Severity.Critical));
        await rig.Findings.RecordAsync(new CheckRun("instances", "other", "g1", true, rig.Tick(), 2), [Sample.Finding(system: "other")], CancellationToken.None);
        await rig.TellAsync();
        Assert.Equal(["instance_missing, tenant acme", "product_database_unreachable, gateway g1", "tenant_isolation_slug_mismatch, tenant acme"],
            rig.Titles.Select(title => title.Replace("product_database_unreachable", "product_database_unreachable, gateway g1", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_window_of_one_tenant_holds_back_that_tenant_and_tells_afterwards()
    {
        rig.Window = new() { From = new(12, 0), To = new(12, 30), Tenants = ["acme"] };
        await rig.PassAsync(Sample.Finding(), Sample.Finding(tenant: "beta"));
        await rig.TellAsync();
        Assert.Equal(["instance_missing, tenant beta"], rig.Titles);
        rig.Time.Advance(TimeSpan.FromMinutes(30));
        await rig.TellAsync();
        Assert.Equal(["instance_missing, tenant beta", "instance_missing, tenant acme"], rig.Titles);
    }

    [Fact]
    public async Task A_route_hears_of_its_own_systems_tenants_and_kinds_with_the_severity_that_its_people_gave()
    {
        rig.Apply(new AlertSettings
        {
            Routes = [AlertRig.Night with { MinSeverity = Severity.Critical, Match = new() { Systems = ["revalya"], Kinds = ["instance_missing"], Tenants = ["acme", "beta"] } }],
            Severities = [new() { Kind = "instance_missing", Severity = Severity.Critical }],
        });
        await rig.PassAsync(Sample.Finding(), Sample.Finding(tenant: "gama"), Sample.Finding("instance_unstable", tenant: "beta", severity: Severity.Critical));
        await rig.TellAsync();
        Assert.StartsWith("🚨 CRITICAL: WhatsApp Integration Alert – instance_missing, tenant acme", Assert.Single(rig.Slack.Texts), StringComparison.Ordinal);
        Assert.Contains("critical (the check says high)", Assert.Single(rig.Slack.Bodies).GetRawText(), StringComparison.Ordinal);
        Assert.All(await rig.Findings.ListAsync(new FindingQuery(Kind: "instance_missing"), CancellationToken.None), finding => Assert.Equal(Severity.High, finding.Severity));
    }

    [Fact]
    public async Task What_was_accepted_is_not_told_again_when_it_flaps()
    {
        await rig.PassAsync(Sample.Finding());
        await rig.TellAsync();
        var finding = Assert.Single(await rig.Findings.ListAsync(new FindingQuery(), CancellationToken.None));
        await rig.Findings.AcceptAsync(finding.Id, "ana", "closed shop", CancellationToken.None);
        for (var i = 0; i < 3; i++)
        {
            rig.Time.Advance(TimeSpan.FromHours(2));
            for (var pass = 0; pass < 2; pass++) await rig.PassAsync();
            await rig.TellAsync();
            await rig.PassAsync(Sample.Finding());
            await rig.TellAsync();
        }

        Assert.Equal(["instance_missing, tenant acme", "recovered: instance_missing, tenant acme"], rig.Titles);
    }

    [Fact, Capability("R-139")]
    public async Task The_history_of_a_finding_and_the_next_message_say_who_was_told_when()
    {
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        var finding = Assert.Single(await rig.Findings.ListAsync(new FindingQuery(), CancellationToken.None));
        var history = await rig.Findings.HistoryAsync(finding.Id, CancellationToken.None);
        Assert.Equal([("opened", null), ("told", "night")], history.Select(change => (change.Change, change.Reason)));

        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.OnceAsync();
        Assert.Contains("2030-01-01 12:00 UTC: night", rig.Slack.Bodies.Last().GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_may_have_its_own_language()
    {
        rig.Apply(new AlertSettings { Language = Language.BrazilianPortuguese, Routes = [AlertRig.Night, new() { Name = "log", Kind = "log", Language = Language.English }] });
        await rig.PassAsync(Sample.Finding());
        await rig.TellAsync();
        Assert.Equal(["instance_missing, cliente acme"], rig.Titles);
        Assert.Equal("A instância revalya-acme não existe no gateway g1.", rig.LastFields["Causa"]);
        Assert.Contains(rig.Logged, line => line.Contains("instance_missing, tenant acme", StringComparison.Ordinal));
    }
}
