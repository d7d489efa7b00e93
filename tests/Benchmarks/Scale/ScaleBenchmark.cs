using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Benchmarks.Ingest;
using WhatsOps.Benchmarks.Sweep;
using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Benchmarks.Scale;

/// <summary>
/// What a fleet costs at 100, 1,000, 10,000 and 100,000 instances: seconds, calls, rows and bytes of a sweep that finds all as it was, and the bytes
/// that a stored webhook takes. There is no baseline: the sizes are compared with each other. Gateways have up to 500 instances, those of the
/// largest fleet 5,000, since each is a process.
/// </summary>
public sealed class ScaleBenchmark : IBenchmark
{
    private const int Runs = 3;
    private const int MaxGateways = 20;
    private const int PerGateway = 500;
    private static readonly int[] Sizes = [100, 1_000, 10_000, 100_000];
    private static readonly double Deadline = new SystemThresholds().SweepDeadlineSeconds;

    public string Name => "scale";

    public async Task<BenchmarkResult> RunAsync(BenchmarkServers servers, CancellationToken cancellation)
    {
        var details = new Dictionary<string, double> { ["bytes_per_stored_webhook"] = await BytesPerWebhookAsync(servers, cancellation) };
        var largest = 0.0;
        foreach (var size in Sizes)
        {
            var measure = await SweepAsync(servers, size, cancellation);
            servers.Say($"scale: {size:N0} instances: {measure}");
            foreach (var (name, value) in measure.Named()) details[$"{size}_{name}"] = value;
            largest = Math.Max(measure.FirstSeconds, measure.Seconds);
        }

        return new BenchmarkResult(
            Name, "seconds of the slowest sweep of 100,000 instances", largest,
            new Dictionary<string, double>(), new Dictionary<string, double>(),
            [BenchmarkGoal.AtMost("seconds", largest, Deadline)])
        {
            Details = details,
        };
    }

    private static async Task<SweepMeasure> SweepAsync(BenchmarkServers servers, int size, CancellationToken cancellation)
    {
        var gateways = Math.Clamp(size / PerGateway, 1, MaxGateways);
        var connectionString = await servers.CreateDatabaseAsync(cancellation);
        await using var fleet = await SimulatedFleet.StartAsync(gateways, size / gateways, cancellation);
        await using var services = await SweepServices.BuildAsync(connectionString, fleet, cancellation);
        await using var database = NpgsqlDataSource.Create(connectionString);
        var sweep = services.GetRequiredService<HealthSweep>();

        var ((first, _), megabytes) = await PeakMemory.DuringAsync(() => TimedAsync(sweep, size, cancellation));
        var (rowsBefore, bytesBefore) = (await RowsWrittenAsync(database, cancellation), await BytesAsync(database, cancellation));
        var (seconds, calls) = (new List<double>(), 0);
        for (var run = 0; run < Runs; run++)
        {
            var ((took, made), peak) = await PeakMemory.DuringAsync(() => TimedAsync(sweep, size, cancellation));
            seconds.Add(took);
            (calls, megabytes) = (made, Math.Max(megabytes, peak));
        }

        return new SweepMeasure(
            first, BenchmarkServers.Median(seconds), calls, (await RowsWrittenAsync(database, cancellation) - rowsBefore) / Runs,
            (await BytesAsync(database, cancellation) - bytesBefore) / Runs, megabytes);
    }

    private static async Task<(double Seconds, int Calls)> TimedAsync(HealthSweep sweep, int size, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var report = (await sweep.RunAsync(cancellation))!;
        if (!report.Complete || report.Systems[0].Tenants.Count != size)
            throw new InvalidOperationException($"The sweep did not see the fleet of {size}: {report.OverallStatus}, {report.Systems[0].Tenants.Count} tenants, {report.Systems[0].Error}");
        return (clock.Elapsed.TotalSeconds, report.CallsMade);
    }

    private static async Task<double> BytesPerWebhookAsync(BenchmarkServers servers, CancellationToken cancellation)
    {
        var connectionString = await servers.CreateDatabaseAsync(cancellation);
        await using var receiver = await IngestServer.ReceiverAsync(connectionString, cancellation);
        var secret = await receiver.Get<ITenantSecrets>().EnsureAsync("shop", "t0", cancellation);
        await new IngestLoad(receiver.Port).ClosedAsync(
            [.. Enumerable.Range(0, 32).Select(_ => IngestRequest.Message("t0", secret.Current, "shop-t0"))], TimeSpan.FromSeconds(10), cancellation);
        await using var database = NpgsqlDataSource.Create(connectionString);
        return await BytesAsync(database, cancellation) / await NumberAsync(database, "SELECT count(*)::float8 FROM whatsops.events", cancellation);
    }

    // The statistics of a session reach the view within a second of its last statement.
    private static async Task<double> RowsWrittenAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await Task.Delay(TimeSpan.FromSeconds(1.5), cancellation);
        return await NumberAsync(database, "SELECT sum(n_tup_ins + n_tup_upd)::float8 FROM pg_stat_user_tables", cancellation);
    }

    private static Task<double> BytesAsync(NpgsqlDataSource database, CancellationToken cancellation) =>
        NumberAsync(database, "SELECT sum(pg_total_relation_size(oid))::float8 FROM pg_class WHERE relkind = 'r' AND relnamespace = 'whatsops'::regnamespace", cancellation);

    private static async Task<double> NumberAsync(NpgsqlDataSource database, string sql, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        return (double)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
