using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>What is not told, or not yet: incidents, silences, windows, acceptances.</summary>
public sealed class AlertQuietTests : IAsyncLifetime
{
    private AlertRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await AlertRig.StartAsync();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

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
}
