using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Fleet;

public sealed class RefusedFleetTests
{
    [Fact]
    public async Task A_refused_file_is_a_finding_until_a_good_one_follows()
    {
        await using var fleet = await FleetFixture.CreateAsync();
        await using var provider = new ServiceCollection().AddLogging().AddSingleton(fleet.Database.DataSource).AddSingleton<TimeProvider>(fleet.Time).AddFindings().BuildServiceProvider();
        var findings = provider.GetRequiredService<IFindings>();
        var check = new RefusedFleet(fleet.Get<IFleetRejections>(), findings, fleet.Time);
        var sample = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "fleet.sample.json"));

        await fleet.Get<IFleetVersions>().ApplyAsync("{}", "rui", onlyFirst: false, default);
        await check.SweptAsync(null!, default);
        var finding = Assert.Single(await findings.ListAsync(new FindingQuery(), default));
        Assert.Equal(("fleet_invalid", Severity.High), (finding.Kind, finding.Severity));
        Assert.Contains("rui", finding.Cause, StringComparison.Ordinal);

        fleet.Time.Advance(TimeSpan.FromMinutes(5));
        await fleet.Get<IFleetVersions>().ApplyAsync(sample, "rui", onlyFirst: false, default);
        await check.SweptAsync(null!, default);
        Assert.Empty(await findings.ListAsync(new FindingQuery(), default));
    }
}
