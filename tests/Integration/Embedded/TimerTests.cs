using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using WhatsOps.Embedded.Timers;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Embedded;

public sealed class TimerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 0, 30, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Start);
    private readonly Journal journal = new();
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Two_hosts_on_one_database_run_every_occurrence_once()
    {
        await using var first = await HostAsync(typeof(EveryMinute));
        await using var second = await HostAsync(typeof(EveryMinute));
        await RowAsync("EveryMinute");
        for (var minute = 1; minute <= 10; minute++)
        {
            time.Advance((await RowAsync("EveryMinute")).NextRun - time.GetUtcNow());
            var expected = Start.AddSeconds(-30).AddMinutes(minute + 1);
            await Eventually(async () => (await RowAsync("EveryMinute")).NextRun == expected);
            Assert.Equal(minute, journal.Runs.Count);
        }

        Assert.All(journal.Runs, run => Assert.False(run.IsPastDue));
        Assert.Equal(1, journal.MostAtOnce);
    }

    [Fact]
    public async Task Runs_missed_while_no_host_was_up_are_made_up_for_once()
    {
        await using (var before = await HostAsync(typeof(EveryMinute)))
            await RowAsync("EveryMinute");
        time.Advance(TimeSpan.FromHours(3));

        await using var after = await HostAsync(typeof(EveryMinute));
        await Eventually(async () => (await RowAsync("EveryMinute")).LastRun == time.GetUtcNow());

        Assert.True(Assert.Single(journal.Runs).IsPastDue);
        Assert.Equal(new DateTime(2026, 3, 10, 15, 1, 0, DateTimeKind.Utc), journal.Runs.Single().ScheduleStatus!.Next);
    }

    [Fact]
    public async Task A_schedule_faster_than_a_minute_is_not_made_up_for()
    {
        await using (var before = await HostAsync(typeof(EverySecond)))
            await RowAsync("EverySecond");
        time.Advance(TimeSpan.FromMinutes(5));
        var seen = (await RowAsync("EverySecond")).NextRun;

        await using var after = await HostAsync(typeof(EverySecond));
        await Eventually(async () => (await RowAsync("EverySecond")).NextRun > seen);
        Assert.Equal(time.GetUtcNow().AddSeconds(1), (await RowAsync("EverySecond")).NextRun);
        Assert.Empty(journal.Runs);
    }

    [Fact]
    public async Task A_failing_function_is_logged_and_its_schedule_goes_on()
    {
        await using var host = await HostAsync(typeof(AlwaysFails));
        for (var run = 1; run <= 3; run++)
        {
            var next = (await RowAsync("AlwaysFails")).NextRun;
            time.Advance(next - time.GetUtcNow());
            await Eventually(async () => (await RowAsync("AlwaysFails")).NextRun > next);
        }

        Assert.Equal(3, host.Logs.Lines.Count(line => line.Contains("AlwaysFails failed; its schedule goes on", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_on_startup_runs_at_every_start()
    {
        for (var start = 1; start <= 2; start++)
        {
            await using var host = await HostAsync(typeof(AtStart));
            await Eventually(() => Task.FromResult(journal.Runs.Count == start));
        }
    }

    [Fact]
    public async Task A_dead_process_keeps_a_timer_only_as_long_as_its_lease()
    {
        await using (var before = await HostAsync(typeof(EveryMinute)))
            await RowAsync("EveryMinute");
        await ExecuteAsync("UPDATE durable.timers SET owner = 'dead', fence = 7, lease_until = clock_timestamp() + interval '1 second'");
        time.Advance(TimeSpan.FromMinutes(1));

        await using var host = await HostAsync(typeof(EveryMinute));
        await Task.Delay(300);
        Assert.Empty(journal.Runs);
        await Eventually(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(journal.Runs.Count == 1);
        });
        await Eventually(async () => await ScalarAsync("SELECT fence FROM durable.timers WHERE lease_until IS NULL") is 8L);
    }

    [Fact]
    public async Task A_run_that_lost_its_lease_is_cancelled_and_writes_nothing_down()
    {
        await using var host = await HostAsync(
            typeof(WaitsForCancellation), services => services.AddSingleton(new TimerLeaseOptions(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100))));
        var before = await RowAsync("WaitsForCancellation");
        time.Advance(before.NextRun - time.GetUtcNow());
        await Eventually(() => Task.FromResult(journal.Runs.Count == 1));
        await ExecuteAsync("UPDATE durable.timers SET fence = fence + 1, owner = 'thief', lease_until = clock_timestamp() + interval '1 hour'");

        await Eventually(() => Task.FromResult(journal.Cancelled == 1));
        Assert.Contains(host.Logs.Lines, line => line.Contains("lost its lease", StringComparison.Ordinal));
        Assert.Equal(before.NextRun, (await RowAsync("WaitsForCancellation")).NextRun);
        Assert.Equal("thief", await ScalarAsync("SELECT owner FROM durable.timers"));
    }

    [Fact]
    public async Task Stopping_cancels_the_run_gives_the_lease_back_and_the_next_start_repeats_it()
    {
        await using (var host = await HostAsync(typeof(WaitsForCancellation)))
        {
            time.Advance((await RowAsync("WaitsForCancellation")).NextRun - time.GetUtcNow());
            await Eventually(() => Task.FromResult(journal.Runs.Count == 1));
            await host.StopAsync();
            Assert.Equal(1, journal.Cancelled);
            Assert.Equal(DBNull.Value, await ScalarAsync("SELECT owner FROM durable.timers"));
        }

        await using var again = await HostAsync(typeof(WaitsForCancellation));
        await Eventually(() => Task.FromResult(journal.Runs.Count == 2));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_does_not_silence_a_timer_for_years()
    {
        await using (var before = await HostAsync(typeof(EveryMinute)))
            await RowAsync("EveryMinute");
        await ExecuteAsync("UPDATE durable.timers SET next_run = '2031-01-01', updated = '2030-12-31', last_run = '2030-12-31'");

        await using var host = await HostAsync(typeof(EveryMinute));
        await Eventually(async () => (await RowAsync("EveryMinute")).NextRun == Start.AddSeconds(30));
    }

    [Fact]
    public async Task The_admin_API_runs_a_timer_now_and_leaves_its_schedule_alone()
    {
        await using var host = await HostAsync(typeof(EveryMinute));
        var before = await RowAsync("EveryMinute");

        Assert.Equal(HttpStatusCode.Unauthorized, (await InvokeAsync(host, "EveryMinute", TestFunctionHost.FunctionKey)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await InvokeAsync(host, "Nobody", TestFunctionHost.MasterKey)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await InvokeAsync(host, "EveryMinute", TestFunctionHost.MasterKey)).StatusCode);

        await Eventually(() => Task.FromResult(journal.Runs.Count == 1));
        Assert.False(journal.Runs.Single().IsPastDue);
        Assert.Equal(before.NextRun, (await RowAsync("EveryMinute")).NextRun);
    }

    [Fact]
    public async Task A_disabled_timer_waits_for_a_person()
    {
        await using var host = await HostAsync(typeof(AtStart), settings: "--AzureWebJobs.AtStart.Disabled=true");
        Assert.Equal(HttpStatusCode.Accepted, (await InvokeAsync(host, "AtStart", TestFunctionHost.MasterKey)).StatusCode);
        await Eventually(() => Task.FromResult(journal.Runs.Count == 1));
        time.Advance(TimeSpan.FromHours(2));
        await Task.Delay(200);
        Assert.Single(journal.Runs);
    }

    [Fact]
    public async Task Without_the_database_the_host_starts_serves_HTTP_and_says_503_where_the_database_is_needed()
    {
        await using var host = await TestFunctionHost.StartAsync(
            [typeof(EveryMinute), typeof(Hello)], services => services.AddSingleton(journal), "--EmbeddedHost:Database=Host=127.0.0.1;Port=1;Timeout=1");
        Assert.Equal("hello", await host.Client.GetStringAsync("api/Hello"));
        var health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await InvokeAsync(host, "EveryMinute", TestFunctionHost.MasterKey)).StatusCode);
    }

    [Fact]
    public async Task A_run_missed_while_the_database_was_away_is_made_up_for_when_it_is_back()
    {
        await using var postgres = await TestServers.OwnPostgresAsync("timers");
        await using var host = await TestFunctionHost.StartAsync(
            [typeof(EveryMinute)],
            services => services.AddSingleton<TimeProvider>(time).AddSingleton(journal),
            $"--EmbeddedHost:Database={postgres.ConnectionString()}");
        Assert.Equal(HttpStatusCode.Accepted, (await InvokeAsync(host, "EveryMinute", TestFunctionHost.MasterKey)).StatusCode);
        // The run must have given its lease back, or the next one rightly waits for the lease to end.
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString());
        await using var leases = source.CreateCommand("SELECT count(*) FROM durable.timers WHERE fence = 1 AND lease_until IS NULL");
        await Eventually(async () => journal.Runs.Count == 1 && await leases.ExecuteScalarAsync() is 1L);

        await postgres.StopServerAsync("immediate", CancellationToken.None);
        time.Advance(TimeSpan.FromMinutes(10));
        await Eventually(() => Task.FromResult(host.Logs.Lines.Any(line => line.Contains("waits for the database", StringComparison.Ordinal))));
        await postgres.StartServerAsync(CancellationToken.None);

        await Eventually(() => Task.FromResult(journal.Runs.Count == 2));
        Assert.True(journal.Runs.ElementAt(1).IsPastDue);
    }

    private static Task<HttpResponseMessage> InvokeAsync(TestFunctionHost host, string name, string key) =>
        host.SendAsync(HttpMethod.Post, $"admin/functions/{name}", key, new StringContent("{}", null, "application/json"));

    private Task<TestFunctionHost> HostAsync(Type functions, Action<IServiceCollection>? services = null, params string[] settings) =>
        TestFunctionHost.StartAsync(
            [functions],
            collection =>
            {
                collection.AddSingleton<TimeProvider>(time);
                collection.AddSingleton(journal);
                services?.Invoke(collection);
            },
            [$"--EmbeddedHost:Database={database.ConnectionString}", .. settings]);

    /// <summary>The timer's row, waited for because the host registers it in the background.</summary>
    private async Task<TimerState> RowAsync(string name)
    {
        var store = new TimerStore(database.DataSource);
        await store.EnsureTableAsync(CancellationToken.None);
        await Eventually(async () => await ScalarAsync($"SELECT count(*) FROM durable.timers WHERE name = '{name}'") is 1L);
        return await store.ReadAsync(name, CancellationToken.None);
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
            await Task.Delay(20, deadline.Token);
    }

    public sealed class Journal
    {
        private int running;
        private int cancelled;

        public ConcurrentQueue<TimerInfo> Runs { get; } = [];

        public int MostAtOnce { get; private set; }

        public int Cancelled => cancelled;

        public async Task RunAsync(TimerInfo timer)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref running));
            Runs.Enqueue(timer);
            await Task.Delay(20);
            Interlocked.Decrement(ref running);
        }

        public async Task WaitAsync(TimerInfo timer, CancellationToken cancellation)
        {
            Runs.Enqueue(timer);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                Interlocked.Increment(ref cancelled);
            }
        }
    }

    public sealed class EveryMinute(Journal journal)
    {
        [Function("EveryMinute")]
        public Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => journal.RunAsync(timer);
    }

    public sealed class EverySecond(Journal journal)
    {
        [Function("EverySecond")]
        public Task Run([TimerTrigger("* * * * * *")] TimerInfo timer) => journal.RunAsync(timer);
    }

    public sealed class AtStart(Journal journal)
    {
        [Function("AtStart")]
        public Task Run([TimerTrigger("01:00:00", RunOnStartup = true)] TimerInfo timer) => journal.RunAsync(timer);
    }

    public sealed class AlwaysFails
    {
        [Function("AlwaysFails")]
        public void Run([TimerTrigger("0 * * * * *")] TimerInfo timer) => throw new InvalidOperationException($"{timer.IsPastDue}");
    }

    public sealed class WaitsForCancellation(Journal journal)
    {
        [Function("WaitsForCancellation")]
        public Task Run([TimerTrigger("0 */5 * * * *")] TimerInfo timer, CancellationToken cancellation) => journal.WaitAsync(timer, cancellation);
    }

    public sealed class Hello
    {
        [Function("Hello")]
        public string Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Path.HasValue ? "hello" : "";
    }
}
