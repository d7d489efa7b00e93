using System.Net;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>When timers run, and what of a missed run is made up for.</summary>
public sealed class TimerTests : TimerWorld
{
    [Fact]
    public async Task Two_hosts_on_one_database_run_every_occurrence_once()
    {
        await using var first = await HostAsync(typeof(TimedFunctions.EveryMinute));
        await using var second = await HostAsync(typeof(TimedFunctions.EveryMinute));
        await RowAsync("EveryMinute");
        for (var minute = 1; minute <= 10; minute++)
        {
            Time.Advance((await RowAsync("EveryMinute")).NextRun - Time.GetUtcNow());
            var expected = Start.AddSeconds(-30).AddMinutes(minute + 1);
            await Eventually(async () => (await RowAsync("EveryMinute")).NextRun == expected);
            Assert.Equal(minute, Journal.Runs.Count);
        }

        Assert.All(Journal.Runs, run => Assert.False(run.IsPastDue));
        Assert.Equal(1, Journal.MostAtOnce);
    }

    [Fact]
    public async Task Runs_missed_while_no_host_was_up_are_made_up_for_once()
    {
        await using (var before = await HostAsync(typeof(TimedFunctions.EveryMinute)))
            await RowAsync("EveryMinute");
        Time.Advance(TimeSpan.FromHours(3));

        await using var after = await HostAsync(typeof(TimedFunctions.EveryMinute));
        await Eventually(async () => (await RowAsync("EveryMinute")).LastRun == Time.GetUtcNow());

        Assert.True(Assert.Single(Journal.Runs).IsPastDue);
        Assert.Equal(new DateTime(2026, 3, 10, 15, 1, 0, DateTimeKind.Utc), Journal.Runs.Single().ScheduleStatus!.Next);
    }

    [Fact]
    public async Task A_schedule_faster_than_a_minute_is_not_made_up_for()
    {
        await using (var before = await HostAsync(typeof(TimedFunctions.EverySecond)))
            await RowAsync("EverySecond");
        Time.Advance(TimeSpan.FromMinutes(5));
        var seen = (await RowAsync("EverySecond")).NextRun;

        await using var after = await HostAsync(typeof(TimedFunctions.EverySecond));
        await Eventually(async () => (await RowAsync("EverySecond")).NextRun > seen);
        Assert.Equal(Time.GetUtcNow().AddSeconds(1), (await RowAsync("EverySecond")).NextRun);
        Assert.Empty(Journal.Runs);
    }

    [Fact]
    public async Task A_failing_function_is_logged_and_its_schedule_goes_on()
    {
        await using var host = await HostAsync(typeof(TimedFunctions.AlwaysFails));
        for (var run = 1; run <= 3; run++)
        {
            var next = (await RowAsync("AlwaysFails")).NextRun;
            Time.Advance(next - Time.GetUtcNow());
            await Eventually(async () => (await RowAsync("AlwaysFails")).NextRun > next);
        }

        Assert.Equal(3, host.Logs.Lines.Count(line => line.Contains("AlwaysFails failed; its schedule goes on", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_on_startup_runs_at_every_start()
    {
        for (var start = 1; start <= 2; start++)
        {
            await using var host = await HostAsync(typeof(TimedFunctions.AtStart));
            await Eventually(() => Task.FromResult(Journal.Runs.Count == start));
        }
    }

    [Fact]
    public async Task A_clock_that_was_set_back_does_not_silence_a_timer_for_years()
    {
        await using (var before = await HostAsync(typeof(TimedFunctions.EveryMinute)))
            await RowAsync("EveryMinute");
        await Database.ExecuteAsync("UPDATE durable.timers SET next_run = '2031-01-01', updated = '2030-12-31', last_run = '2030-12-31'");

        await using var host = await HostAsync(typeof(TimedFunctions.EveryMinute));
        await Eventually(async () => (await RowAsync("EveryMinute")).NextRun == Start.AddSeconds(30));
    }

    [Fact]
    public async Task The_admin_API_runs_a_timer_now_and_leaves_its_schedule_alone()
    {
        await using var host = await HostAsync(typeof(TimedFunctions.EveryMinute));
        var before = await RowAsync("EveryMinute");

        Assert.Equal(HttpStatusCode.Unauthorized, (await InvokeAsync(host, "EveryMinute", TestFunctionHost.FunctionKey)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await InvokeAsync(host, "Nobody", TestFunctionHost.MasterKey)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await InvokeAsync(host, "EveryMinute", TestFunctionHost.MasterKey)).StatusCode);

        await Eventually(() => Task.FromResult(Journal.Runs.Count == 1));
        Assert.False(Journal.Runs.Single().IsPastDue);
        Assert.Equal(before.NextRun, (await RowAsync("EveryMinute")).NextRun);
    }

    [Fact]
    public async Task A_disabled_timer_waits_for_a_person()
    {
        await using var host = await HostAsync(typeof(TimedFunctions.AtStart), settings: "--AzureWebJobs.AtStart.Disabled=true");
        Assert.Equal(HttpStatusCode.Accepted, (await InvokeAsync(host, "AtStart", TestFunctionHost.MasterKey)).StatusCode);
        await Eventually(() => Task.FromResult(Journal.Runs.Count == 1));
        Time.Advance(TimeSpan.FromHours(2));
        await Task.Delay(200);
        Assert.Single(Journal.Runs);
    }
}
