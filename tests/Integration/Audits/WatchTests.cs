using WhatsOps.Audits;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Tests.Integration.Audits;

/// <summary>What is watched after every sweep.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private AuditWorld world = null!;

    public async ValueTask InitializeAsync() => world = await AuditWorld.StartAsync();

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    public async Task A_storm_over_many_instances_is_one_finding_of_their_gateway_until_it_is_over()
    {
        await OpenAsync("a", "b", "other");
        await AbsorbedAsync("a", 60, -9);
        await AbsorbedAsync("b", 41, -1);
        await AbsorbedAsync("a", 1000, -11);
        await SweptAsync();
        var finding = Assert.Single(await world.OpenAsync("reconnect_storm"));
        Assert.Equal(("gw0", "101", "revalya-a, revalya-b"), (finding.Gateway, finding.Evidence["absorbed"], finding.Evidence["instances"]));
        Assert.Null(finding.Tenant);

        world.Time.Advance(TimeSpan.FromMinutes(20));
        await SweptAsync();
        await SweptAsync();
        Assert.Empty(await world.OpenAsync("reconnect_storm"));
    }

    [Fact]
    public async Task An_open_line_that_is_silent_beyond_its_habit_is_suspected_until_it_is_heard()
    {
        await OpenAsync("dead", "night", "young", "busy1", "busy2", "busy3", "busy4");
        var now = world.Time.GetUtcNow();
        for (var week = 1; week <= 4; week++)
        {
            // At this moment of the week the dead one's line was never silent for longer than 40 minutes, the night one's for 8 hours.
            await HeardAsync("dead", now.AddDays(-7 * week).AddMinutes(-20), now.AddDays(-7 * week).AddMinutes(20));
            await HeardAsync("night", now.AddDays(-7 * week).AddHours(-4), now.AddDays(-7 * week).AddHours(4));
            if (week <= 2) await HeardAsync("young", now.AddDays(-7 * week).AddMinutes(-20), now.AddDays(-7 * week).AddMinutes(20));
        }

        foreach (var slug in (string[])["dead", "night", "young"]) await HeardAsync(slug, now.AddMinutes(-121));
        await SweptAsync();

        var finding = Assert.Single(await world.OpenAsync("instance_zombie_suspected"));
        Assert.Equal(("dead", "revalya-dead", Severity.Medium), (finding.Tenant, finding.Instance, finding.Severity));
        Assert.Equal("40", finding.Evidence["longest_normal_minutes"]);

        await HeardAsync("dead", world.Time.GetUtcNow());
        await SweptAsync();
        await SweptAsync();
        Assert.Empty(await world.OpenAsync("instance_zombie_suspected"));
    }

    [Fact]
    public async Task Many_that_fall_silent_together_are_one_incident_of_their_gateway()
    {
        await OpenAsync("a", "b", "c", "busy");
        var now = world.Time.GetUtcNow();
        foreach (var slug in (string[])["a", "b", "c"])
        {
            for (var week = 1; week <= 3; week++) await HeardAsync(slug, now.AddDays(-7 * week).AddMinutes(-5), now.AddDays(-7 * week).AddMinutes(5));
            await HeardAsync(slug, now.AddMinutes(-90));
        }

        await SweptAsync();

        var finding = Assert.Single(await world.OpenAsync("instance_zombie_suspected"));
        Assert.Equal(("gw0", Severity.High, "3", "4"), (finding.Gateway, finding.Severity, finding.Evidence["silent"], finding.Evidence["open"]));
        Assert.Null(finding.Tenant);
    }

    private Task OpenAsync(params string[] slugs) => world.Get<IInstanceStates>().RecordAsync(
        [.. slugs.Select(slug => new InstanceSighting(AuditWorld.System, slug, "gw0", $"revalya-{slug}", InstanceState.Open, world.Time.GetUtcNow(), "list", null))], CancellationToken.None);

    private async Task SweptAsync()
    {
        world.Time.Advance(TimeSpan.FromSeconds(10));
        foreach (var watch in world.GetAll<IAfterSweep>().Where(watch => watch is StormWatch or ZombieWatch))
            await watch.SweptAsync(new(Guid.NewGuid(), default, default, HealthStatus.Healthy, true, []), CancellationToken.None);
    }

    private Task AbsorbedAsync(string slug, int count, int minutes) => world.ExecuteAsync(world.Operations.DataSource, string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"INSERT INTO whatsops.storm_counts VALUES ('revalya', '{slug}', 'revalya-{slug}', 'connection.update', 'connecting', '{world.Time.GetUtcNow().AddMinutes(minutes):O}', {count})"));

    private async Task HeardAsync(string slug, params DateTimeOffset[] times)
    {
        foreach (var at in times) await world.EventAsync(slug, $"revalya-{slug}", at, foreign: false);
        await world.ExecuteAsync(world.Operations.DataSource, $"UPDATE whatsops.instances SET last_event_at = greatest(last_event_at, '{times.Max():O}') WHERE instance = 'revalya-{slug}'");
    }
}
