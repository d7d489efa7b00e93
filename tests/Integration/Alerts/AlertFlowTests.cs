using Moq;
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
    public async Task Many_findings_of_one_sweep_are_one_message()
    {
        await rig.PassAsync([.. Enumerable.Range(0, 17).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await rig.TellAsync();
        Assert.Equal("⚠️ WARNING: WhatsApp Integration Alert – 17 findings (revalya)", Assert.Single(rig.Slack.Texts));
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
    public async Task What_was_tried_is_said()
    {
        var runs = new Mock<IAttemptedRemedies>();
        runs.Setup(r => r.ForAsync(It.Is<Finding>(finding => finding.Tenant == "acme"), It.IsAny<CancellationToken>())).ReturnsAsync([new("reset-integration", "ana", rig.Time.GetUtcNow(), "failed")]);
        await using var process = rig.Process(runs.Object);
        await rig.PassAsync(Sample.Finding());
        await rig.TellAsync(process);
        Assert.Contains("reset-integration by ana at 2030-01-01 12:00 UTC: failed", Assert.Single(rig.Slack.Bodies).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_tried_at_a_gateway_is_said_too_and_so_is_nothing()
    {
        var runs = new Mock<IAttemptedRemedies>();
        runs.Setup(r => r.ForAsync(It.IsAny<Finding>(), It.IsAny<CancellationToken>())).ReturnsAsync((Finding finding, CancellationToken _) =>
            finding is { Tenant: null, Gateway: "g1" } ? [new("wait-for-stability", "policy", rig.Time.GetUtcNow(), "running")] : []);
        await using var process = rig.Process(runs.Object);
        await rig.PassAsync(Sample.Finding("gateway_unreachable", tenant: null));
        await rig.Findings.RecordAsync(
            new CheckRun("product_database", "revalya", null, true, rig.Tick(), 2),
            [Sample.Finding("product_database_unreachable", "product_database", gateway: null, tenant: null, remedy: null)], CancellationToken.None);
        await rig.TellAsync(process);
        var told = rig.Slack.Bodies.Select(body => body.GetRawText()).ToArray();
        Assert.Single(told, body => body.Contains("gateway_unreachable", StringComparison.Ordinal) && body.Contains("wait-for-stability by policy at 2030-01-01 12:00 UTC: running", StringComparison.Ordinal));
        Assert.Single(told, body => body.Contains("product_database_unreachable", StringComparison.Ordinal) && body.Contains("nothing yet", StringComparison.Ordinal));
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
}
