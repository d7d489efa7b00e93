using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Containers;
using WhatsOps.Database;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Benchmarks.Watch;

/// <summary>
/// One tick of the watch over 500 systems with four endpoints each, of 20 ms latency, one in fifty of which never answers: looked at, stored as samples, judged by the rules; with as
/// much history as the rules read, and without any. Beside it the way of a shell script: the same endpoints one after another, nothing stored; measured on 200 of them, without those that hang, and scaled up.
/// </summary>
public sealed class WatchBenchmark : IBenchmark
{
    private const int Systems = 500;
    private const int Hanging = 50;
    private const int Sample = 200;
    private const int Runs = 3;
    private const double GoalSeconds = 30;
    private const double GoalMegabytes = 300;

    // The hour of an increase and two gaps; a day more for what is compared with its day.
    private const int Minutes = 67;
    private const int BaselineMinutes = Minutes + (24 * 60);

    // No endpoint here counts messages, so a tick's own sample of them comes from here.
    private const string NewestMessages =
        """
        INSERT INTO whatsops.samples (system, target, metric, subject, at, value)
        SELECT DISTINCT system, 'http/stats', 'messages.sent', '', now(), 1e6 FROM whatsops.watch_targets
        """;

    private static readonly string[] Paths = ["health", "stats", "metrics", "page"];

    public string Name => "watch";

    public async Task<BenchmarkResult> RunAsync(BenchmarkServers servers, CancellationToken cancellation)
    {
        await using var products = await ProductsAsync(cancellation);
        var fleet = new WatchedFleet(products.Urls.First());
        var connectionString = await servers.CreateDatabaseAsync(cancellation);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new Migrator(database, new OperationsDatabaseOptions(connectionString)).MigrateAsync(cancellation);
        await using var services = new ServiceCollection()
            .AddSingleton(database).AddSingleton(TimeProvider.System).AddSingleton<IFleet>(fleet)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning)).AddHttpClient().AddContainers().AddFindings().AddWatch()
            .BuildServiceProvider();
        var watcher = services.GetRequiredService<Watcher>();
        using var client = new HttpClient();

        var (_, first) = await PeakMemory.DuringAsync(() => watcher.RunAsync(null, isDue: false, cancellation));
        var (young, baseline, _) = await MeasureAsync("without history");
        await SeedAsync(database, cancellation);
        var (ours, _, most) = await MeasureAsync("with history");
        var megabytes = Math.Max(first, most);

        async Task<(double Ours, double Baseline, double Megabytes)> MeasureAsync(string what)
        {
            var (ticks, others, peak) = (new List<double>(), new List<double>(), 0.0);
            for (var run = 0; run < Runs; run++)
            {
                await ExecuteAsync(database, NewestMessages, cancellation);
                var (took, used) = await PeakMemory.DuringAsync(() => TimedAsync(async () =>
                {
                    if (await watcher.RunAsync(null, isDue: false, cancellation) is var seen and not Systems * 4) throw new InvalidOperationException($"The tick looked at {seen} targets.");
                }));
                ticks.Add(took);
                peak = Math.Max(peak, used);
                others.Add(await TimedAsync(async () =>
                {
                    for (var i = 0; i < Sample; i++) await client.GetStringAsync(new Uri($"{products.Urls.First()}/{Paths[i % 3]}/1"), cancellation);
                }) * Systems * 4 / Sample);
                servers.Say($"watch {what}: {ticks[^1]:0.0} s for {Systems * 4} targets, {others[^1]:0.0} s one after another, {peak:0} MB");
            }

            return (BenchmarkServers.Median(ticks), BenchmarkServers.Median(others), peak);
        }

        return new BenchmarkResult(
            Name, "seconds per tick of 500 systems", ours,
            new Dictionary<string, double> { ["one_after_another_scaled_from_200"] = baseline },
            new Dictionary<string, double> { ["times_faster_than_one_after_another"] = baseline / ours },
            [BenchmarkGoal.AtMost("seconds", ours, GoalSeconds), BenchmarkGoal.AtMost("peak_megabytes", megabytes, GoalMegabytes)])
        {
            Details = new Dictionary<string, double> { ["seconds_without_history"] = young, ["peak_megabytes"] = megabytes, ["targets"] = Systems * 4, ["hanging"] = Hanging, ["runs"] = Runs },
        };
    }

    // As far back as the built-in rules read: every series that the ticks have made, and a day of one that is compared with its day.
    private static async Task SeedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await ExecuteAsync(database, "SELECT whatsops.ensure_sample_day(((now() AT TIME ZONE 'UTC') - d * interval '1 day')::date) FROM generate_series(0, 2) d", cancellation);
        await ExecuteAsync(
            database,
            $"""
            INSERT INTO whatsops.samples (system, target, metric, subject, at, value)
            SELECT s.system, s.target, s.metric, s.subject, now() - n * interval '1 minute', s.value
            FROM (SELECT DISTINCT ON (system, target, metric, subject) system, target, metric, subject, value FROM whatsops.samples WHERE metric <> 'messages.sent') s, generate_series(1, {Minutes}) n
            """,
            cancellation);
        await ExecuteAsync(
            database,
            $"""
            INSERT INTO whatsops.samples (system, target, metric, subject, at, value)
            SELECT s.system, 'http/stats', 'messages.sent', '', now() - n * interval '1 minute', 1e6 - 10 * n FROM (SELECT DISTINCT system FROM whatsops.watch_targets) s, generate_series(1, {BaselineMinutes}) n
            """,
            cancellation);
        await ExecuteAsync(database, "ANALYZE whatsops.samples", cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<WebApplication> ProductsAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            await Task.Delay(20, http.RequestAborted);
            var path = http.Request.Path.Value!;
            if (path.StartsWith("/hang", StringComparison.Ordinal)) await Task.Delay(Timeout.Infinite, http.RequestAborted);
            await http.Response.WriteAsync(
                path.StartsWith("/health", StringComparison.Ordinal) ? """{"status":"healthy","uptime":9000,"redis":{"connected":true},"memory":{"used":40,"total":100}}"""
                : path.StartsWith("/stats", StringComparison.Ordinal) ? """{"uptime":9000,"memory":{"used":40,"total":100},"messages":{"total":120},"errors":{"total":4},"users":{"active":2}}"""
                : "process_resident_memory_bytes 1.5e8\nhttp_requests_total{status=\"200\"} 90\n", http.RequestAborted);
        });
        await app.StartAsync(cancellation);
        return app;
    }

    private static async Task<double> TimedAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }

    private sealed class WatchedFleet(string url) : IFleet
    {
        private readonly FleetVersion version = new(1, new FleetDocument { Systems = [.. Enumerable.Range(0, Systems).Select(number => System(url, number))] }, DateTimeOffset.UnixEpoch, "bench");

        public ValueTask<FleetVersion?> CurrentAsync(CancellationToken cancellation) => new(version);

        public string Resolve(string text) => text;

        private static FleetSystem System(string url, int number) => new()
        {
            Name = $"system-{number}", Kind = "bot",
            Watch = new()
            {
                Http =
                [
                    new() { Name = "health", Url = $"{url}/health/{number}", Shape = HttpShape.BotHealth },
                    new() { Name = "stats", Url = $"{url}/stats/{number}", Shape = HttpShape.BotStats },
                    new() { Name = "metrics", Url = $"{url}/metrics/{number}", Shape = HttpShape.Prometheus, Metrics = ["process_resident_memory_bytes", "http_requests_total"] },
                    new() { Name = "page", Url = $"{url}/{(number % (Systems / Hanging) == 0 ? "hang" : "page")}/{number}", TimeoutSeconds = 10 },
                ],
            },
        };
    }
}
