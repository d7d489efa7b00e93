using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>The reviews of a week and of a month, over real hours of samples.</summary>
public sealed class KpiRoutineTests : IAsyncLifetime
{
    // A Monday and the first of a month, 09:00 in São Paulo.
    private static readonly DateTimeOffset Monday = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset First = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private WatchWorld world = null!;

    public async ValueTask InitializeAsync() =>
        world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = "http://127.0.0.1:1", EverySeconds = 86_400 }, new() { Name = "other", Url = "http://127.0.0.1:1" }] });

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-358"), Capability("R-370"), Capability("R-371"), Capability("R-373"), Capability("R-203")]
    public async Task A_week_s_indicators_stand_beside_those_of_the_week_before_and_end_at_midnight_there()
    {
        // Midnight of Monday in São Paulo is 03:00 UTC.
        var end = Monday.AddHours(-9);
        await SampleAsync("http/api", end.AddDays(-14), ("up", 1), ("seconds", 0.1), ("bot.messages", 1000));
        await SampleAsync("http/api", end.AddHours(-169), ("bot.messages", 2000), ("bot.errors", 10));
        await SampleAsync("http/api", end.AddDays(-7), ("up", 0), ("bot.messages", 2100), ("bot.errors", 13));
        await SampleAsync("http/api", end.AddHours(-2), ("up", 1), ("seconds", 0.2), ("bot.messages", 50), ("bot.errors", 3));
        await SampleAsync("http/api", end, ("seconds", 99));

        var outcome = await RunAsync("weekly-kpis", Monday);

        var report = (KpiReport)outcome.Report!;
        Assert.Equal((end.AddDays(-7), end), (report.From, report.To));
        Assert.Equal((50, 100), (Value(report, "availability").Value, Value(report, "availability").Before!.Value));
        Assert.Equal((200, 100), (Value(report, "slowest answer").Value, Value(report, "slowest answer").ChangePercent!.Value));
        // 100 up to the first hour, 50 after the counter began again.
        Assert.Equal(150 / TimeSpan.FromDays(7).TotalMinutes, Value(report, "throughput").Value, 9);
        Assert.Equal(6 / 150.0 * 100, Value(report, "error rate").Value, 9);
        // Two of seven days.
        Assert.Equal(200.0 / 7, Value(report, "availability").CoveragePercent!.Value, 9);
        Assert.False(outcome.Complete);
        Assert.Equal("1 targets; none was looked at for long enough to tell how available it was. Looked at for less than 90 % of the time: http/api (28 %).", outcome.Summary);
    }

    [Fact]
    public async Task Messages_that_were_deleted_are_no_work()
    {
        var end = Monday.AddHours(-9);
        await SampleAsync("postgres/db", end.AddHours(-4), ("messages.sent", 1_000_000));
        await SampleAsync("postgres/db", end.AddHours(-3), ("messages.sent", 1_000_100));
        await SampleAsync("postgres/db", end.AddHours(-2), ("messages.sent", 999_000));
        await SampleAsync("postgres/db", end.AddHours(-1), ("messages.sent", 999_050));
        Assert.Equal(150 / TimeSpan.FromDays(7).TotalMinutes, Value((KpiReport)(await RunAsync("weekly-kpis", Monday)).Report!, "throughput").Value, 9);
    }

    [Fact]
    [Capability("R-211"), Capability("R-305")]
    public async Task A_month_is_the_calendar_month_before_and_capacity_is_todays()
    {
        await SampleAsync("http/api", new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero), ("up", 1));
        await SampleAsync("http/api", new(2026, 4, 1, 3, 0, 0, TimeSpan.Zero), ("up", 0));
        world.Fleet = world.Fleet with
        {
            Watch = new()
            {
                Postgres = [new() { Name = "db", ConnectionString = "${env:DB}", Tables = ProductTables.TurboZap }],
                Containers = [new() { Name = "turbozap", Container = new() { Container = "api" } }, new() { Name = "db", Container = new() { Container = "turbozap-postgres" } }],
            },
        };
        // The same instances: most were disconnected at the look before, and none is now.
        await StatusAsync(First.AddMinutes(-10), ("disconnected", 41), ("connected", 10));
        await StatusAsync(First.AddMinutes(-5), ("connected", 51));
        // The product may use much memory, and its database many cores.
        await SampleAsync("container/turbozap", First.AddMinutes(-5), ("container.cpu.limit.cores", 4), ("container.memory.limit.bytes", 16.0 * 1024 * 1024 * 1024));
        await SampleAsync("container/db", First.AddMinutes(-5), ("container.cpu.limit.cores", 16), ("container.memory.limit.bytes", 4e9));
        // Nobody's any more.
        await SampleAsync("postgres/old", First.AddMinutes(-50), ("turbozap.instances", 70));

        var outcome = await RunAsync("monthly-kpis", First);

        var report = (KpiReport)outcome.Report!;
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero), report.From);
        Assert.Equal(100, Value(report, "availability").Value);
        Assert.Equal((51, 8, 4, 16, false), (report.Capacity!.Instances, report.Capacity.NeededCores, report.Capacity.Cores, report.Capacity.Gigabytes, report.Capacity.Fits));
        Assert.Contains("51 instances want 8 cores", outcome.Summary, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-175"), Capability("R-372")]
    public async Task A_broken_promise_is_a_finding_until_a_week_that_is_good_and_a_week_that_nobody_saw_says_nothing()
    {
        world.Fleet = world.Fleet with { Watch = new() { Http = [new() { Name = "api", Url = "http://127.0.0.1:1", EverySeconds = 1800 }, new() { Name = "other", Url = "http://127.0.0.1:1", EverySeconds = 1800 }] } };
        await world.TickAsync();
        var end = Monday.AddHours(-9);
        // One of 336 looks was in vain: 99.702 percent. Of the other target there are two looks, and it was never there.
        await WeekAsync(end, look => look == 100 ? [("up", 0)] : [("up", 1)]);
        foreach (var day in (int[])[1, 2]) await SampleAsync("http/other", end.AddDays(-day), ("up", 0));

        var bot = await RunAsync("weekly-kpis", Monday);
        Assert.Empty(await world.FindingsAsync());
        Assert.False(bot.Complete);
        Assert.Equal("2 targets; the least available was http/api with 99.70 % (promised 99.5 %). Looked at for less than 90 % of the time: http/other (0 %).", bot.Summary);

        // An agent is promised more.
        world.Fleet = world.Fleet with { Kind = SystemKinds.Agent };
        await RunAsync("weekly-kpis", Monday);
        var finding = Assert.Single(await world.FindingsAsync());
        Assert.Equal((TroubleKinds.Threshold, "weekly-kpis/http/api", Severity.Medium), (finding.Kind, finding.Subject, finding.Severity));
        Assert.Equal(
            "http/api was available at 99.702 % of the looks from 2026-03-02T03:00Z to 2026-03-09T03:00Z, below the 99.9 % that are promised; planned maintenance does not count.", finding.Cause);
        Assert.Equal(("99.702", "below 99.9", "100"), (finding.Evidence["value"], finding.Evidence["threshold"], finding.Evidence["coverage_percent"]));

        await SampleAsync("http/api", end.AddDays(3), ("up", 1));
        await RunAsync("weekly-kpis", Monday.AddDays(7));
        Assert.Single(await world.FindingsAsync());

        // An hour and a half of it was planned.
        await WeekAsync(end.AddDays(14), look => look is >= 50 and < 53 ? [("up", 0), ("up.planned", 0)] : [("up", 1)]);
        var good = (KpiReport)(await RunAsync("weekly-kpis", Monday.AddDays(14))).Report!;
        Assert.Equal((100, 100, 90), (Value(good, "availability").Value, Value(good, "availability").CoveragePercent!.Value, Value(good, "planned maintenance").Value));
        Assert.Empty(await world.FindingsAsync());
    }

    [Fact]
    [Capability("R-362")]
    public async Task What_the_logs_of_a_month_came_to_stands_beside_the_month_before()
    {
        await SampleAsync("container/app", new(2026, 2, 10, 12, 0, 0, TimeSpan.Zero), ("container.log.errors", 4), ("container.log.warnings", 1));
        foreach (var day in (int[])[2, 17, 30])
            await SampleAsync("container/app", new(2026, 3, day, 12, 0, 0, TimeSpan.Zero), ("container.log.errors", 2), ("container.log.warnings", 0));
        // April's.
        await SampleAsync("container/app", First, ("container.log.errors", 99), ("container.log.warnings", 99));

        var report = (KpiReport)(await RunAsync("monthly-kpis", First)).Report!;

        Assert.Equal((6, 4, 50), (Value(report, "errors in the log").Value, Value(report, "errors in the log").Before!.Value, Value(report, "errors in the log").ChangePercent!.Value));
        Assert.Equal((0, 1), (Value(report, "warnings in the log").Value, Value(report, "warnings in the log").Before!.Value));
    }

    [Fact]
    public async Task A_target_without_samples_leaves_the_review_incomplete_and_systems_see_their_own_only()
    {
        await world.TickAsync();
        var outcome = await RunAsync("weekly-kpis", Monday);
        Assert.False(outcome.Complete);
        Assert.Equal("Nothing was watched in these days. Without any sample: http/api, http/other.", outcome.Summary);
        var routine = world.GetAll<IRoutine>().Single(routine => routine.Name == "weekly-kpis");
        await SampleAsync("http/api", Monday.AddDays(-1), ("up", 1));
        Assert.Empty(((KpiReport)(await routine.RunAsync(new(new FleetSystem { Name = "other", Kind = "bot", Watch = new() }, Monday, null), CancellationToken.None)).Report!).Kpis);
        Assert.False(routine.AppliesTo(new FleetSystem { Name = "bare", Kind = "evolution" }));
    }

    private static Kpi Value(KpiReport report, string name) => report.Kpis.Single(kpi => kpi.Name == name);

    private Task<RoutineOutcome> RunAsync(string name, DateTimeOffset due) =>
        world.GetAll<IRoutine>().Single(routine => routine.Name == name).RunAsync(new(world.Fleet, due, null), CancellationToken.None);

    // Every half hour of the week that ends then.
    private async Task WeekAsync(DateTimeOffset end, Func<int, (string, double)[]> values)
    {
        for (var look = 0; look < 336; look++) await SampleAsync("http/api", end.AddDays(-7).AddMinutes(30 * look), values(look));
    }

    private Task StatusAsync(DateTimeOffset at, params (string Status, double Count)[] instances) =>
        world.Get<SampleStore>().AddAsync(WatchWorld.System, "postgres/db", [.. instances.Select(one => new Measure("turbozap.instances", one.Count, one.Status))], at, CancellationToken.None);

    private Task SampleAsync(string target, DateTimeOffset at, params (string Metric, double Value)[] values) =>
        world.Get<SampleStore>().AddAsync(WatchWorld.System, target, [.. values.Select(value => new Measure(value.Metric, value.Value))], at, CancellationToken.None);
}
