using System.Globalization;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Cli;

public sealed class SimulatedFleetTests
{
    [Fact]
    public void It_has_40_tenants_with_distinct_names_on_three_gateways()
    {
        Assert.Equal(40, SimulatedFleet.Tenants.Select(tenant => tenant.Slug).Distinct().Count());
        Assert.Equal([0, 1, 2], SimulatedFleet.Tenants.Select(tenant => tenant.Gateway).Distinct().Order());
    }

    [Fact]
    public void Every_condition_but_health_is_in_the_documented_table()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "simulated-fleet.md"));

        foreach (var tenant in SimulatedFleet.Tenants.Where(tenant => tenant.Condition != Condition.Healthy || tenant.Gateway > 0))
            Assert.Contains($"`{tenant.Slug}`", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tenant_that_is_repaired_is_broken() =>
        Assert.Equal(Condition.LoggedOut, SimulatedFleet.Tenants.Single(tenant => tenant.Slug == SimulatedFleet.ResetTenant).Condition);

    [Fact]
    public void Every_other_system_has_a_trouble_and_both_are_in_the_documented_table()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "simulated-fleet.md"));

        Assert.Equal(OtherSystems.Names.Order(), OtherSystems.Expected.Keys.Order());
        foreach (var (system, kind) in OtherSystems.Expected) Assert.Matches($@"\| `{system}` \|.*\| `{kind}`", page);
        foreach (var tenant in (string[])[OtherSystems.DeadTurboZapTenant, OtherSystems.DownTaktChatTenant]) Assert.Contains($"`{tenant}`", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-03-01T09:29:45Z", "29 18 * * *")]
    [InlineData("2026-03-01T02:59:59Z", "59 11 * * *")]
    [InlineData("2026-03-01T15:00:00Z", "0 0 * * *")]
    public void What_audits_find_does_not_come_into_the_loop_whatever_hour_it_is(string began, string cron)
    {
        var schedules = SimulatedRoutines.Schedules(DateTimeOffset.Parse(began, CultureInfo.InvariantCulture));

        Assert.Subset(KnownRoutines.All.ToHashSet(), SimulatedRoutines.Moved.ToHashSet());
        Assert.All(SimulatedRoutines.Moved, routine => Assert.Equal(cron, schedules[routine]));
    }

    [Fact]
    public void Its_webhooks_subscribe_what_the_fleet_file_wants() =>
        Assert.Equal(WebhookOptions.Usual, SimulatedGateway.Events);
}
