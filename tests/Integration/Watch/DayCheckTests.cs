using System.Globalization;
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
    [Capability("R-168")]
    [Capability("R-169")]
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
    [Capability("R-159"), Capability("R-170"), Capability("R-177"), Capability("R-178"), Capability("R-180")]
    public async Task An_agents_morning_has_the_business_of_the_night_and_its_evening_the_business_latency_and_errors_of_the_day()
    {
        await using var world = await WatchWorld.StartAsync(new(), SystemKinds.Agent);
        // A day in São Paulo: midnight is 03:00 UTC.
        DateTimeOffset midnight = new(2026, 3, 9, 3, 0, 0, TimeSpan.Zero), morning = midnight.AddHours(9), evening = midnight.AddHours(17);
        await BusinessAsync(midnight.AddHours(-7.5), 8968, 49_800, 39_900, 695);
        await BusinessAsync(midnight.AddHours(-0.5), 9000, 50_000, 40_000, 700);
        await RequestsAsync(midnight.AddHours(-0.5), 9, 100_000, 1000);
        await BusinessAsync(midnight.AddHours(12.5), 9034, 50_200, 40_190, 703);
        await RequestsAsync(midnight.AddHours(12.5), 0.2, 100_890, 1008);
        await RequestsAsync(midnight.AddHours(16.5), 0.4, 100_990, 1010);
        await BusinessAsync(evening.AddHours(0.5), 9999, 99_999, 99_999, 999);
        await RequestsAsync(evening.AddHours(0.5), 9, 999_999, 999_999);

        // 32 conversations in 16 hours, 100 answers to 200 messages.
        Assert.Equal(
            ["conversations started 2 per hour", "conversions 5 appointments", "messages received 200 messages", "messages sent 100 messages", "response rate 50 %"],
            await KpisAsync("morning-check", morning, "postgres/db"));
        // 34 in 17, 190 to 200.
        Assert.Equal(
            ["conversations started 2 per hour", "conversions 3 appointments", "messages received 200 messages", "messages sent 190 messages", "response rate 95 %"],
            await KpisAsync("evening-check", evening, "postgres/db"));
        Assert.Equal(["error rate 1 %", "latency 300 ms", "slowest answer 400 ms"], await KpisAsync("evening-check", evening, "http/agent"));

        Task BusinessAsync(DateTimeOffset at, double conversations, double received, double sent, double appointments) => AddAsync(
            "postgres/db", at, new("agent.conversations", conversations), new("messages.received", received), new("messages.sent", sent), new("agent.appointments", appointments));

        Task RequestsAsync(DateTimeOffset at, double seconds, double well, double failed) =>
            AddAsync("http/agent", at, new("seconds", seconds), new("prometheus.http_requests_total", well, "2xx"), new("prometheus.http_requests_total", failed, "5xx"));

        Task AddAsync(string target, DateTimeOffset at, params Measure[] measures) => world.Get<SampleStore>().AddAsync(WatchWorld.System, target, measures, at, CancellationToken.None);

        async Task<IEnumerable<string>> KpisAsync(string routine, DateTimeOffset due, string target)
        {
            var outcome = await world.GetAll<IRoutine>().Single(one => one.Name == routine).RunAsync(new(world.Fleet, due, null), CancellationToken.None);
            return ((DayReport)outcome.Report!).Kpis.Where(kpi => kpi.Target == target && kpi.Name != "throughput").Select(kpi => string.Create(CultureInfo.InvariantCulture, $"{kpi.Name} {kpi.Value:0.###} {kpi.Unit}"));
        }
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
