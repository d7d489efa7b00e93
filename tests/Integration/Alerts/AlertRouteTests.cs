using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>Which route hears of what, and in which language.</summary>
public sealed class AlertRouteTests : IAsyncLifetime
{
    private AlertRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await AlertRig.StartAsync();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

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
    public async Task A_route_may_have_its_own_language()
    {
        rig.Apply(new AlertSettings { Language = Language.BrazilianPortuguese, Routes = [AlertRig.Night, new() { Name = "log", Kind = "log", Language = Language.English }] });
        await rig.PassAsync(Sample.Finding() with { Evidence = new Dictionary<string, string> { ["state"] = "absent", ["words"] = "The bot has lost Redis." } });
        await rig.TellAsync();
        Assert.Equal(["instance_missing, cliente acme"], rig.Titles);
        Assert.EndsWith("state: absent\nwords: O bot perdeu o Redis.", rig.LastFields["Verificado"], StringComparison.Ordinal);
        Assert.Equal("A instância revalya-acme não existe no gateway g1.", rig.LastFields["Causa"]);
        Assert.Contains(rig.Logged, line => line.Contains("instance_missing, tenant acme", StringComparison.Ordinal));
    }
}
