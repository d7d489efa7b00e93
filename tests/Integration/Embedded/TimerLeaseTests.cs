using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Embedded.Timers;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>Which of several processes runs a timer, and how long it may.</summary>
public sealed class TimerLeaseTests : TimerWorld
{
    [Fact]
    public async Task A_dead_process_keeps_a_timer_only_as_long_as_its_lease()
    {
        await using (var before = await HostAsync(typeof(TimedFunctions.EveryMinute)))
            await RowAsync("EveryMinute");
        await Database.ExecuteAsync("UPDATE durable.timers SET owner = 'dead', fence = 7, lease_until = clock_timestamp() + interval '1 hour'");
        Time.Advance(TimeSpan.FromMinutes(1));

        await using var host = await HostAsync(typeof(TimedFunctions.EveryMinute));
        await Task.Delay(300);
        Assert.Empty(Journal.Runs);
        await Database.ExecuteAsync("UPDATE durable.timers SET lease_until = clock_timestamp()");
        await Eventually(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(Journal.Runs.Count == 1);
        });
        await Eventually(async () => await ScalarAsync("SELECT fence FROM durable.timers WHERE lease_until IS NULL") is 8L);
    }

    [Fact]
    public async Task A_run_that_lost_its_lease_is_cancelled_and_writes_nothing_down()
    {
        await using var host = await HostAsync(
            typeof(TimedFunctions.WaitsForCancellation), services => services.AddSingleton(new TimerLeaseOptions(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100))));
        var before = await RowAsync("WaitsForCancellation");
        Time.Advance(before.NextRun - Time.GetUtcNow());
        await Eventually(() => Task.FromResult(Journal.Runs.Count == 1));
        await Database.ExecuteAsync("UPDATE durable.timers SET fence = fence + 1, owner = 'thief', lease_until = clock_timestamp() + interval '1 hour'");

        await Eventually(() => Task.FromResult(Journal.Cancelled == 1));
        Assert.Contains(host.Logs.Lines, line => line.Contains("lost its lease", StringComparison.Ordinal));
        Assert.Equal(before.NextRun, (await RowAsync("WaitsForCancellation")).NextRun);
        Assert.Equal("thief", await ScalarAsync("SELECT owner FROM durable.timers"));
    }

    [Fact]
    public async Task Stopping_cancels_the_run_gives_the_lease_back_and_the_next_start_repeats_it()
    {
        await using (var host = await HostAsync(typeof(TimedFunctions.WaitsForCancellation)))
        {
            Time.Advance((await RowAsync("WaitsForCancellation")).NextRun - Time.GetUtcNow());
            await Eventually(() => Task.FromResult(Journal.Runs.Count == 1));
            await host.StopAsync();
            Assert.Equal(1, Journal.Cancelled);
            Assert.Equal(DBNull.Value, await ScalarAsync("SELECT owner FROM durable.timers"));
        }

        await using var again = await HostAsync(typeof(TimedFunctions.WaitsForCancellation));
        await Eventually(() => Task.FromResult(Journal.Runs.Count == 2));
    }
}
