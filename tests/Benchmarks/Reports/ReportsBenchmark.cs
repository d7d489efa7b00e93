using System.Diagnostics;
using Npgsql;
using WhatsOps.Database;
using WhatsOps.Reports;

namespace WhatsOps.Benchmarks.Reports;

/// <summary>
/// The figures of a week with 10 million calls of 500 tenants, warm, beside the manual's way, which fetches the rows and counts them in the client, and
/// beside the same totals counted by PostgreSQL from all rows. All three must agree.
/// </summary>
public sealed class ReportsBenchmark : IBenchmark
{
    private const int Rows = 10_000_000;
    private const int Chunk = 1_000_000;
    private const int Runs = 3;
    private const double GoalSeconds = 0.5;
    private const double GoalRatio = 20;
    private const string System = "bench";
    private static readonly DateTimeOffset Start = new(2026, 2, 22, 0, 0, 0, TimeSpan.Zero);
    private static readonly ReportWindow Week = new(Start, Start.AddDays(7));

    private sealed record Totals(long Requests, long Successes, long AnswerMs, int P95);

    public string Name => "reports";

    public async Task<BenchmarkResult> RunAsync(BenchmarkServers servers, CancellationToken cancellation)
    {
        var connectionString = await servers.CreateDatabaseAsync(cancellation);
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 300 });
        await new Migrator(database, new OperationsDatabaseOptions(connectionString)).MigrateAsync(cancellation);
        var filling = await TimedAsync(() => FillAsync(servers, database, cancellation));

        var reader = new CallReader(database);
        CallFigures figures = null!;
        Totals client = null!, server = null!;
        List<double> ours = [], fetched = [], counted = [];
        // Warm: caches are what they are on a server that runs.
        await reader.ReadAsync(System, Week, TimeZoneInfo.Utc, cancellation);
        for (var run = 0; run < Runs; run++)
        {
            servers.Say($"reports: run {run + 1} of {Runs}…");
            ours.Add(await TimedAsync(async () => figures = await reader.ReadAsync(System, Week, TimeZoneInfo.Utc, cancellation)));
            fetched.Add(await TimedAsync(async () => client = await FetchAsync(database, cancellation)));
            counted.Add(await TimedAsync(async () => server = await CountAsync(database, cancellation)));
        }

        if (client != server || (figures.Requests, figures.Successes, figures.P95Ms) != (client.Requests, client.Successes, client.P95)
            || figures.AverageMs != Math.Round((decimal)client.AnswerMs / (client.Requests - figures.Unanswered), 1) || figures.Requests != Rows)
            throw new InvalidOperationException($"The totals differ: {figures.Requests}/{figures.Successes}/{figures.P95Ms}, {client}, {server}.");

        var (mine, theirs, sql) = (BenchmarkServers.Median(ours), BenchmarkServers.Median(fetched), BenchmarkServers.Median(counted));
        return new BenchmarkResult(
            Name,
            "seconds for the figures of 10,000,000 calls",
            mine,
            new Dictionary<string, double> { ["rows_fetched_and_counted_in_the_client"] = theirs, ["all_rows_counted_in_sql"] = sql },
            new Dictionary<string, double> { ["times_faster_than_the_client"] = theirs / mine, ["times_faster_than_sql_over_all_rows"] = sql / mine },
            [BenchmarkGoal.AtMost("seconds", mine, GoalSeconds), BenchmarkGoal.AtLeast("times_faster_than_the_client", theirs / mine, GoalRatio)])
        {
            Details = new Dictionary<string, double> { ["seconds_to_write_and_count_the_calls"] = filling, ["rollup_rows"] = await RollupRowsAsync(database, cancellation), ["runs"] = Runs },
        };
    }

    // In chunks through the app's own trigger, as the call log writes: the counts come from where they come from in production.
    private static async Task FillAsync(BenchmarkServers servers, NpgsqlDataSource database, CancellationToken cancellation)
    {
        // A tenant's timeline needs this index, totals do not; filling ten million rows takes half as long without it.
        await ExecuteAsync(database, "DROP INDEX whatsops.gateway_calls_by_tenant", cancellation);
        for (var from = 0; from < Rows; from += Chunk)
        {
            servers.Say($"reports: {from / 1_000_000} of {Rows / 1_000_000} million calls written…");
            await ExecuteAsync(
                database,
                $"""
                INSERT INTO whatsops.gateway_calls (at, system, gateway, tenant, operation, outcome, status, duration_ms)
                SELECT '2026-02-22T00:00Z'::timestamptz + i * interval '604800 s' / {Rows}, '{System}', 'gw' || i % 2, CASE WHEN i % 10 > 0 THEN 'tenant-' || (i * 7919) % 500 END,
                       CASE WHEN i % 50 = 0 THEN 'webhook' WHEN i % 10 = 0 THEN 'list' ELSE 'state' END, CASE WHEN i % 97 = 0 THEN 'unreachable' ELSE 'seen' END,
                       CASE WHEN i % 291 = 0 THEN NULL WHEN i % 97 = 0 THEN 502 ELSE 200 END, ((i * 7919) % 1201)::int
                  FROM generate_series({from}::bigint, {from + Chunk - 1}::bigint) i
                """,
                cancellation);
            await Rollups.FoldAsync(database, cancellation);
        }

        await ExecuteAsync(database, "VACUUM ANALYZE", cancellation);
    }

    private static async Task<Totals> FetchAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = Over(database, "SELECT tenant, outcome, status, duration_ms FROM whatsops.gateway_calls WHERE system = $1 AND at >= $2 AND at < $3");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        long requests = 0, successes = 0;
        var times = new List<int>();
        var errors = new Dictionary<string, int>();
        var tenants = new Dictionary<string, (long Ms, int Count)>();
        while (await row.ReadAsync(cancellation))
        {
            requests++;
            var outcome = row.GetString(1);
            if (outcome == "seen") successes++;
            else errors[outcome] = errors.GetValueOrDefault(outcome) + 1;
            if (row.IsDBNull(2)) continue;
            var time = row.GetInt32(3);
            times.Add(time);
            if (row.IsDBNull(0)) continue;
            var tenant = row.GetString(0);
            var (ms, count) = tenants.GetValueOrDefault(tenant);
            tenants[tenant] = (ms + time, count + 1);
        }

        times.Sort();
        return new(requests, successes, times.Sum(time => (long)time), times[(int)Math.Ceiling(times.Count * 0.95m) - 1]);
    }

    private static async Task<Totals> CountAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = Over(
            database,
            """
            SELECT count(*), count(*) FILTER (WHERE outcome = 'seen'), sum(duration_ms) FILTER (WHERE status IS NOT NULL),
                   percentile_disc(0.95) WITHIN GROUP (ORDER BY duration_ms) FILTER (WHERE status IS NOT NULL)
              FROM whatsops.gateway_calls WHERE system = $1 AND at >= $2 AND at < $3
            """);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3));
    }

    private static NpgsqlCommand Over(NpgsqlDataSource database, string sql)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = System });
        command.Parameters.Add(new() { Value = Week.From });
        command.Parameters.Add(new() { Value = Week.To });
        return command;
    }

    private static async Task<double> RollupRowsAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT count(*)::float8 FROM whatsops.call_rollups");
        return (double)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<double> TimedAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }
}
