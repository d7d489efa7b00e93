using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>What can wait is told once a day, together, and nothing else is in it.</summary>
public sealed class LowDigestTests : IAsyncLifetime
{
    private static readonly FleetSystem System = new() { Name = "revalya", Kind = "evolution", TimeZone = "UTC" };
    private AlertRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await AlertRig.StartAsync();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact, Capability("R-187")]
    public async Task Low_findings_wait_for_the_digest_and_worse_ones_do_not()
    {
        await rig.PassAsync(
            Sample.Finding("orphan_integration", severity: Severity.Low, cause: "A row has no tenant."), Sample.Finding("instance_missing", severity: Severity.Medium), Sample.Finding("instance_tokens_exposed", severity: Severity.Info));
        await rig.TellAsync();
        Assert.Equal(["instance_missing, tenant acme"], rig.Titles);

        var outcome = await RunAsync();
        await rig.TellAsync();
        Assert.Equal((true, "1 findings of low severity were told."), (outcome.Complete, outcome.Summary));
        Assert.Contains("1 findings of low severity to plan", rig.Slack.Texts.Last(), StringComparison.Ordinal);
        Assert.Equal(["Next", "orphan_integration (1)"], rig.LastFields.Keys.Order(StringComparer.Ordinal));
        Assert.EndsWith("A row has no tenant.", rig.LastFields["orphan_integration (1)"], StringComparison.Ordinal);

        // Repeated after a crash: once.
        await RunAsync();
        await rig.TellAsync();
        Assert.Equal(2, rig.Slack.Bodies.Count);
    }

    [Fact]
    public async Task Each_route_hears_the_causes_in_its_own_language()
    {
        rig.Apply(new AlertSettings { Language = Language.BrazilianPortuguese, Routes = [AlertRig.Night, new() { Name = "log", Kind = "log", Language = Language.English }] });
        await rig.PassAsync(Sample.Finding("instance_missing", severity: Severity.Low, cause: "It is not there."));
        await RunAsync();
        await rig.TellAsync();
        Assert.Equal(["Próximo passo", "instance_missing (1)"], rig.LastFields.Keys.Order(StringComparer.Ordinal));
        Assert.EndsWith("A instância revalya-acme não existe no gateway g1.", rig.LastFields["instance_missing (1)"], StringComparison.Ordinal);
        Assert.Contains(rig.Logged, line => line.Contains("It is not there.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_somebody_has_or_has_accepted_is_left_out_and_an_empty_day_is_quiet()
    {
        await rig.PassAsync(Sample.Finding(severity: Severity.Low), Sample.Finding("orphan_integration", severity: Severity.Low));
        foreach (var finding in await rig.Findings.ListAsync(new FindingQuery(), CancellationToken.None)) await rig.Findings.AcknowledgeAsync(finding.Id, "ana", CancellationToken.None);
        Assert.Equal("Nothing of low severity is open.", (await RunAsync()).Summary);
        await rig.TellAsync();
        Assert.Empty(rig.Slack.Bodies);
    }

    private Task<RoutineOutcome> RunAsync() =>
        rig.Services.GetServices<IRoutine>().Single(routine => routine.Name == "low-digest").RunAsync(new(System, new(2030, 1, 1, 9, 0, 0, TimeSpan.Zero), null), CancellationToken.None);
}
