using WhatsOps.Audits;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Routines;

namespace WhatsOps.Tests.Integration.Audits;

public sealed class StatusAndNamingTests : IAsyncLifetime
{
    private AuditWorld world = null!;

    public async ValueTask InitializeAsync() => world = await AuditWorld.StartAsync();

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-040")]
    [Capability("R-115")]
    public async Task Every_tenant_has_its_status_and_a_stale_active_row_is_a_finding_until_it_is_touched()
    {
        foreach (var slug in (string[])["fresh", "old", "resting"]) await world.AddAsync(slug, active: slug != "resting");
        await world.AddAsync("none", config: null, withInstance: false);
        await world.ExecuteAsync(world.Product, "DELETE FROM tenant_integrations WHERE tenant_id = (SELECT id FROM tenants WHERE slug = 'none')");
        await TouchAsync("old", 24.1);
        await TouchAsync("fresh", 23.9);
        await TouchAsync("resting", 100);

        var outcome = await world.RunAsync("tenant-status");

        Assert.True(outcome.Complete);
        Assert.Equal("4 tenants: 1 active, 1 none, 2 stale.", outcome.Summary);
        Assert.Equal(["active", "none", "stale", "stale"], Report(outcome).Rows.Select(row => row.Status));
        var finding = Assert.Single(await world.OpenAsync());
        Assert.Equal(("integration_stale", "old", Severity.Low), (finding.Kind, finding.Tenant, finding.Severity));

        await TouchAsync("old", 0);
        await world.RunAsync("tenant-status");
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    [Capability("R-040", Absent = true)]
    public async Task Without_the_column_of_the_time_stale_rows_are_said_not_to_be_seen()
    {
        await world.AddAsync("acme");
        await world.ExecuteAsync(world.Product, "ALTER TABLE tenant_integrations DROP COLUMN updated_at");
        Assert.Equal("active", Assert.Single(Report(await world.RunAsync("tenant-status")).Rows).Status);
        Assert.Contains("updated_at", Assert.Single(await world.OpenAsync("audit_not_observable")).Cause, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-041")]
    public async Task Every_name_is_compared_exactly_and_rows_that_the_sweep_does_not_judge_are_findings()
    {
        await world.AddAsync("good");
        await world.AddAsync("bare", config: """{"instance_name":"bare"}""", active: false);
        await world.AddAsync("wrong", config: """{"instance_name":"revalya-wrongly"}""");
        await world.AddAsync("thief", config: """{"instance_name":"revalya-good"}""", tenantActive: false);
        await world.AddAsync("null", config: """{"instance_name":null}""");

        var outcome = await world.RunAsync("naming");

        Assert.Equal("5 integrations, 4 not named as they should be.", outcome.Summary);
        Assert.Equal(["bare_slug", "ok", "no_instance_name", "name_of_another_tenant", "slug_mismatch"], Report(outcome).Rows.Select(row => row.Status));
        Assert.Equal(new FieldDifference("config.instance_name", "bare", "revalya-bare"), Report(outcome).Rows[0].Differences[0]);
        var findings = await world.OpenAsync();
        Assert.Equal([("bare", Severity.Low), ("thief", Severity.Medium)], findings.OrderBy(finding => finding.Tenant).Select(finding => (finding.Tenant!, finding.Severity)));
        Assert.All(findings, finding => Assert.Equal("naming_violation", finding.Kind));
    }

    [Fact]
    public async Task A_product_database_that_is_away_makes_an_audit_incomplete_and_closes_nothing()
    {
        await world.AddAsync("old");
        await TouchAsync("old", 25);
        await world.RunAsync("tenant-status");
        world.Settings["${env:PRODUCT}"] = "Host=127.0.0.1;Port=1;Database=none;Username=none;Timeout=1";

        var outcome = await world.RunAsync("tenant-status");

        Assert.False(outcome.Complete);
        Assert.StartsWith("The product's tenants were not seen", outcome.Summary, StringComparison.Ordinal);
        Assert.Single(await world.OpenAsync("integration_stale"));
    }

    private static AuditReport Report(RoutineOutcome outcome) => Assert.IsType<AuditReport>(outcome.Report);

    private Task TouchAsync(string slug, double hoursAgo) => world.ExecuteAsync(world.Product, string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"UPDATE tenant_integrations SET updated_at = now() - interval '{hoursAgo} hours' WHERE tenant_id = (SELECT id FROM tenants WHERE slug = '{slug}')"));
}
