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
        world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = "http://127.0.0.1:1" }, new() { Name = "other", Url = "http://127.0.0.1:1" }] });

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-358"), Capability("R-371"), Capability("R-203")]
    public async Task A_week_s_indicators_stand_beside_those_of_the_week_before_and_end_at_midnight_there()
    {
        // Midnight of Monday in São Paulo is 03:00 UTC.
        var end = Monday.AddHours(-9);
        await SampleAsync("http/api", end.AddDays(-14), ("up", 1), ("seconds", 0.1), ("bot.messages", 1000));
        await SampleAsync("http/api", end.AddHours(-169), ("bot.messages", 2000));
        await SampleAsync("http/api", end.AddDays(-7), ("up", 0), ("bot.messages", 2100));
        await SampleAsync("http/api", end.AddHours(-2), ("up", 1), ("seconds", 0.2), ("bot.messages", 50));
        await SampleAsync("http/api", end, ("seconds", 99));

        var outcome = await RunAsync("weekly-kpis", Monday);

        var report = (KpiReport)outcome.Report!;
        Assert.Equal((end.AddDays(-7), end), (report.From, report.To));
        Assert.Equal((50, 100), (Value(report, "availability").Value, Value(report, "availability").Before!.Value));
        Assert.Equal((200, 100), (Value(report, "slowest answer").Value, Value(report, "slowest answer").ChangePercent!.Value));
        // 100 up to the first hour, 50 after the counter began again.
        Assert.Equal(150 / TimeSpan.FromDays(7).TotalMinutes, Value(report, "throughput").Value, 9);
        Assert.True(outcome.Complete);
        Assert.Equal("1 targets; the least available was http/api with 50.00 % (promised 99.5 %).", outcome.Summary);
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
        await SampleAsync("postgres/db", First.AddMinutes(-5), ("turbozap.instances", 51));
        await SampleAsync("container/app", First.AddMinutes(-5), ("container.cpu.limit.cores", 4), ("container.memory.limit.bytes", 8e9));

        var outcome = await RunAsync("monthly-kpis", First);

        var report = (KpiReport)outcome.Report!;
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero), report.From);
        Assert.Equal(100, Value(report, "availability").Value);
        Assert.Equal((51, 8, false), (report.Capacity!.Instances, report.Capacity.NeededCores, report.Capacity.Fits));
        Assert.Contains("51 instances want 8 cores", outcome.Summary, StringComparison.Ordinal);
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

    private Task SampleAsync(string target, DateTimeOffset at, params (string Metric, double Value)[] values) =>
        world.Get<SampleStore>().AddAsync(WatchWorld.System, target, [.. values.Select(value => new Measure(value.Metric, value.Value))], at, CancellationToken.None);
}
