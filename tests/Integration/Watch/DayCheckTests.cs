using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Morning and evening.</summary>
public sealed class DayCheckTests
{
    [Fact]
    [Capability("R-156")]
    [Capability("R-157")]
    [Capability("R-159")]
    [Capability("R-168")]
    [Capability("R-169")]
    [Capability("R-170")]
    public async Task Morning_and_evening_look_at_everything_and_keep_what_they_saw()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("""{"messages":{"total":120},"errors":{"total":4}}""");
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "stats", Url = stand.Url, Shape = HttpShape.BotStats, EverySeconds = 3600 }] });
        var routines = world.GetAll<IRoutine>().Where(routine => routine.AppliesTo(world.Fleet)).ToDictionary(routine => routine.Name);
        Assert.Equal(("0 9 * * *", "0 17 * * *"), (routines["morning-check"].DefaultSchedule, routines["evening-check"].DefaultSchedule));

        var evening = await routines["evening-check"].RunAsync(new(world.Fleet, world.Time.GetUtcNow(), null), CancellationToken.None);
        Assert.True(evening.Complete);
        Assert.Equal("1 of 1 targets seen; 0 open findings.", evening.Summary);
        var number = Assert.Single(((DayReport)evening.Report!).Numbers, summary => summary.Metric == "bot.messages");
        Assert.Equal((1, 120, 120), (number.Samples, number.Least, number.Most));

        stand.Says("", 404);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var morning = await routines["morning-check"].RunAsync(new(world.Fleet, world.Time.GetUtcNow(), null), CancellationToken.None);
        Assert.False(morning.Complete);
        Assert.Equal("0 of 1 targets seen; 1 open findings, the worst: high target_absent.", morning.Summary);
        Assert.False(routines["morning-check"].AppliesTo(world.Fleet with { Watch = null }));
    }

    [Fact]
    [Capability("R-160")]
    public async Task The_morning_has_the_alerts_that_fire_the_worst_first_and_no_others()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("", 404);
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url }], Alertmanager = [new() { Name = "main", Token = "${env:T}" }] });
        var alert = new ExternalAlert("0123456789abcdef", "QueueDeep", Severity.Critical, "Orders wait", null);
        await world.Get<AlertmanagerStore>().SaveAsync(WatchWorld.System, "main", [alert], [], world.Time.GetUtcNow(), CancellationToken.None);
        Assert.Equal(["external_alert critical", "target_absent high"], (await MorningAsync()).Findings.Select(finding => $"{finding.Kind} {finding.Severity}"));

        await world.Get<AlertmanagerStore>().SaveAsync(WatchWorld.System, "main", [], [alert], world.Time.GetUtcNow(), CancellationToken.None);
        await MorningAsync();
        Assert.Equal(["target_absent high"], (await MorningAsync()).Findings.Select(finding => $"{finding.Kind} {finding.Severity}"));

        async Task<DayReport> MorningAsync()
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            return (DayReport)(await world.GetAll<IRoutine>().Single(routine => routine.Name == "morning-check").RunAsync(new(world.Fleet, world.Time.GetUtcNow(), null), CancellationToken.None)).Report!;
        }
    }
}
