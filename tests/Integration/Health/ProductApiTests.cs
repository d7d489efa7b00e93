using System.Text.Json;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Tests.Integration.Health;

/// <summary>The product's Supabase, looked at with every sweep beside its database.</summary>
public sealed class ProductApiTests
{
    [Fact]
    [Capability("R-091")]
    public async Task Both_parts_are_asked_once_per_sweep_and_are_healthy_services()
    {
        await using var stand = await SupabaseStand.StartAsync(SweepWorld.Key);
        await using var world = await WorldAsync(stand);

        var report = await world.SweepAsync();

        Assert.Equal(2, stand.Calls);
        Assert.Empty(await world.OpenAsync());
        Assert.Equal(
            [("supabase/rest", HealthStatus.Healthy), ("supabase/auth", HealthStatus.Healthy)],
            report.Systems[0].Services.Where(service => service.Kind == "product_api").Select(service => (service.Name, service.Status)));
        Assert.Equal(HealthStatus.Healthy, report.OverallStatus);
    }

    [Fact]
    [Capability("R-091")]
    public async Task A_refused_key_is_told_as_such_and_stands_nowhere()
    {
        await using var stand = await SupabaseStand.StartAsync("another-key");
        await using var world = await WorldAsync(stand);

        var report = await world.SweepAsync();

        var findings = await world.OpenAsync();
        Assert.All(findings, finding => Assert.Equal(("target_unauthorized", Severity.High, "It answers 401."), (finding.Kind, finding.Severity, finding.Evidence["words"])));
        Assert.Equal(["supabase/auth", "supabase/rest"], findings.Select(finding => finding.Evidence["target"]).Order(StringComparer.Ordinal));
        Assert.Equal(HealthStatus.Unhealthy, report.OverallStatus);
        Assert.DoesNotContain(SweepWorld.Key, JsonSerializer.Serialize(report) + JsonSerializer.Serialize(findings), StringComparison.Ordinal);
        Assert.DoesNotContain(world.Logged, line => line.Contains(SweepWorld.Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(503, "target_unreachable", "It answers 503.")]
    [InlineData(404, "target_absent", "It answers 404: there is no such endpoint.")]
    [InlineData(-1, "target_unreachable", "No answer within 10 s.")]
    public async Task A_part_that_fails_is_one_finding_that_two_good_sweeps_close(int status, string kind, string words)
    {
        await using var stand = await SupabaseStand.StartAsync(SweepWorld.Key);
        await using var world = await WorldAsync(stand);
        stand.Auth = status;

        var report = status < 0 ? await world.SweepThroughAsync() : await world.SweepAsync();

        var finding = Assert.Single(await world.OpenAsync());
        Assert.Equal((kind, "supabase/auth", words), (finding.Kind, finding.Evidence["target"], finding.Evidence["words"]));
        Assert.True(report.Complete);
        Assert.All(report.Systems[0].Tenants, tenant => Assert.Equal(HealthStatus.Healthy, tenant.Status));

        stand.Auth = 200;
        await world.SweepAsync();
        Assert.Single(await world.OpenAsync());
        await world.SweepAsync();
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task A_fleet_that_names_no_supabase_asks_none()
    {
        await using var stand = await SupabaseStand.StartAsync(SweepWorld.Key);
        await using var world = await SweepWorld.StartAsync(perGateway: 1);

        var report = await world.SweepAsync();

        Assert.Equal(0, stand.Calls);
        Assert.DoesNotContain(report.Systems[0].Services, service => service.Kind == "product_api");
    }

    private static async Task<SweepWorld> WorldAsync(SupabaseStand stand)
    {
        var world = await SweepWorld.StartAsync(perGateway: 2);
        world.Fleet = world.Fleet with { TenantDirectory = world.Fleet.TenantDirectory! with { SupabaseUrl = stand.Url, SupabaseKey = "${env:KEY}" } };
        return world;
    }
}
