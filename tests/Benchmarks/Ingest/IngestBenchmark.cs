using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Benchmarks.Ingest;

/// <summary>
/// Webhooks per second through the whole receiver (proof, parsing, encryption, dedupe, commit before the answer), against one INSERT per request
/// and against no store at all. 1.1 KB bodies, 64 connections, a tenth of them duplicates.
/// </summary>
public sealed class IngestBenchmark : IBenchmark
{
    private const int Connections = 64;
    private const int StormingInstances = 1_000;
    private const int Rounds = 3;
    private static readonly TimeSpan RunTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LatencyTime = TimeSpan.FromSeconds(8);

    public string Name => "ingest";

    public async Task<BenchmarkResult> RunAsync(BenchmarkServers servers, CancellationToken cancellation)
    {
        var connectionString = await servers.CreateDatabaseAsync(cancellation, Connections);
        // Prepared statements for the baseline, too: its commits are to be compared, not its parsing.
        await using var plain = NpgsqlDataSource.Create(connectionString + ";Max Auto Prepare=10;Auto Prepare Min Usages=2");
        await using var receiver = await IngestServer.ReceiverAsync(connectionString, cancellation);
        await using var insert = await IngestServer.InsertPerRequestAsync(plain, cancellation);
        await using var noStore = await IngestServer.NoStoreAsync(cancellation);
        var messages = await RequestsAsync(receiver, "t", Connections, IngestRequest.Message, cancellation);

        (string Name, IngestLoad Load)[] targets = [("receiver", new(receiver.Port)), ("insert", new(insert.Port)), ("no store", new(noStore.Port))];
        var runs = targets.ToDictionary(target => target.Name, _ => new List<IngestMeasure>());
        // Long enough for the compiler to have optimised what is measured; the receiver has the most code.
        foreach (var (name, load) in targets) await load.ClosedAsync(messages, TimeSpan.FromSeconds(name == "receiver" ? 12 : 4), cancellation);
        for (var round = 1; round <= Rounds; round++)
            foreach (var (name, load) in targets)
            {
                var run = await load.ClosedAsync(messages, RunTime, cancellation);
                runs[name].Add(run);
                servers.Say($"round {round}: {name} {run.PerSecond:N0} req/s, p99 {run.Percentile(0.99):N1} ms");
            }

        var steady = await targets[0].Load.OpenAsync(messages, 2_000, LatencyTime, cancellation);
        servers.Say($"2,000 req/s: p50 {steady.Percentile(0.5):N1} ms, p99 {steady.Percentile(0.99):N1} ms");
        var storms = new List<(double Rate, double P99)>();
        for (var round = 1; round <= Rounds; round++)
        {
            var storm = await StormAsync(receiver, targets[0].Load, messages, round, cancellation);
            storms.Add(storm);
            servers.Say($"storm {round} of {storm.Rate:N0} events/s from {StormingInstances:N0} instances: p99 of messages {storm.P99:N1} ms");
        }

        double Median(string name) => BenchmarkServers.Median(runs[name].Select(run => run.PerSecond));
        var (ofInsert, ofNoStore) = (Median("receiver") / Median("insert"), Median("receiver") / Median("no store"));
        var p99 = steady.Percentile(0.99);
        var stormP99 = BenchmarkServers.Median(storms.Select(storm => storm.P99));
        return new BenchmarkResult(
            Name, "req/s", Median("receiver"),
            new Dictionary<string, double> { ["insert_per_request"] = Median("insert"), ["no_store"] = Median("no store") },
            new Dictionary<string, double> { ["times_insert_per_request"] = ofInsert, ["times_no_store"] = ofNoStore },
            [
                BenchmarkGoal.AtLeast("times_insert_per_request", ofInsert, 2), BenchmarkGoal.AtLeast("times_no_store", ofNoStore, 0.2),
                BenchmarkGoal.AtMost("p99_ms_at_2000_per_second", p99, 50), BenchmarkGoal.AtMost("p99_ms_of_messages_in_storm", stormP99, 100),
            ])
        {
            Details = new Dictionary<string, double>
            {
                ["p50_ms_at_full_load"] = BenchmarkServers.Median(runs["receiver"].Select(run => run.Percentile(0.5))),
                ["p99_ms_at_full_load"] = BenchmarkServers.Median(runs["receiver"].Select(run => run.Percentile(0.99))),
                ["p50_ms_at_2000_per_second"] = steady.Percentile(0.5),
                ["p99_ms_at_2000_per_second"] = p99,
                ["storm_events_per_second"] = BenchmarkServers.Median(storms.Select(storm => storm.Rate)),
                ["p99_ms_of_messages_in_storm"] = stormP99,
                ["p99_ms_of_messages_in_worst_storm"] = storms.Max(storm => storm.P99),
            },
        };
    }

    // The storm runs on half of the connections as fast as it is answered, the messages at a fixed rate on the other half. Other instances each time:
    // a storm begins with events that are stored.
    private static async Task<(double Rate, double P99)> StormAsync(
        IngestServer receiver, IngestLoad load, IReadOnlyList<IngestRequest> messages, int round, CancellationToken cancellation)
    {
        var instances = await RequestsAsync(receiver, $"s{round}-", StormingInstances, IngestRequest.Connecting, cancellation);
        var storm = load.StormAsync(instances, Connections / 2, LatencyTime, cancellation);
        var calm = await load.OpenAsync([.. messages.Take(Connections / 2)], 500, LatencyTime, cancellation);
        return ((await storm).PerSecond, calm.Percentile(0.99));
    }

    private static async Task<IReadOnlyList<IngestRequest>> RequestsAsync(
        IngestServer receiver, string prefix, int count, Func<string, string, string, IngestRequest> make, CancellationToken cancellation)
    {
        var requests = new List<IngestRequest>(count);
        for (var i = 0; i < count; i++)
        {
            var tenant = $"{prefix}{i}";
            var secret = await receiver.Get<ITenantSecrets>().EnsureAsync("shop", tenant, cancellation);
            requests.Add(make(tenant, secret.Current, "shop-" + tenant));
        }

        return requests;
    }
}
