using CsCheck;
using Npgsql;
using WhatsOps.Reports;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Reports;

/// <summary>Totals are the same whether they are counted from the hourly rollups or from every row that was ever written.</summary>
public sealed class RollupTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private TestDatabase database = null!;

    private sealed record Call(int Minute, string Gateway, string? Tenant, string Outcome, int? Status, int Ms);

    public async ValueTask InitializeAsync() => database = await Databases.OperationsAsync();

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Totals_of_calls_equal_a_recount_whatever_came_late_was_folded_or_was_deleted()
    {
        var call = Gen.Select(
            Gen.Int[0, 5 * 60], Gen.OneOf("g1", "g2"), Gen.OneOf<string?>("a", "b", null), Gen.OneOf("seen", "failed", "unreachable"), Gen.OneOf<int?>(200, 500, null), Gen.Int[0, 30],
            (minute, gateway, tenant, outcome, status, ms) => new Call(minute, gateway, tenant, outcome, status, ms));
        // A batch of calls, a fold, or retention up to some minute.
        var step = Gen.Frequency(
            (5, call.List[0, 8].Select(calls => (object)calls)), (2, Gen.Const((object)"fold")), (1, Gen.Int[0, 300].Select(minute => (object)minute)));
        var run = 0;
        await Gen.Select(step.List[1, 10], Gen.Int[0, 4], Gen.Int[1, 4]).SampleAsync(async (steps, from, hours) =>
        {
            var system = $"s{Interlocked.Increment(ref run)}";
            var all = new List<Call>();
            foreach (var one in steps)
                switch (one)
                {
                    case List<Call> calls:
                        await WriteAsync(system, calls);
                        all.AddRange(calls);
                        break;
                    case int minute:
                        await ReportWorld.ExecuteAsync(database.DataSource, "DELETE FROM whatsops.gateway_calls WHERE system = $1 AND at < $2", system, Start.AddMinutes(minute));
                        break;
                    default:
                        await Rollups.FoldAsync(database.DataSource, default);
                        break;
                }

            var window = new ReportWindow(Start.AddHours(from), Start.AddHours(from + hours));
            var inside = all.Where(item => item.Minute >= from * 60 && item.Minute < (from + hours) * 60).ToList();
            var figures = await new CallReader(database.DataSource).ReadAsync(system, window, TimeZoneInfo.Utc, default);

            Assert.Equal(inside.Count, figures.Requests);
            Assert.Equal(inside.Count(item => item.Outcome == "seen"), figures.Successes);
            Assert.Equal(inside.Count(item => item.Status is null), figures.Unanswered);
            var times = inside.Where(item => item.Status is not null).Select(item => item.Ms).Order().ToList();
            Assert.Equal(times.Count == 0 ? null : Math.Round((decimal)times.Sum() / times.Count, 1), figures.AverageMs);
            Assert.Equal(times.Count == 0 ? null : times[(int)Math.Ceiling(times.Count * 0.95m) - 1], figures.P95Ms);
            Assert.Equal(
                inside.Where(item => item.Outcome != "seen").GroupBy(Error).Select(group => new CountOf(group.Key, group.Count())).OrderByDescending(error => error.Count).ThenBy(error => error.Name, StringComparer.Ordinal),
                figures.Errors);
            Assert.Equal(
                inside.Where(item => item is { Tenant: not null, Status: not null }).GroupBy(item => item.Tenant!)
                    .Select(group => new TenantTime(group.Key, Math.Round((decimal)group.Sum(item => item.Ms) / group.Count(), 1), group.Count())).OrderBy(tenant => tenant.Tenant, StringComparer.Ordinal),
                figures.SlowestTenants.OrderBy(tenant => tenant.Tenant, StringComparer.Ordinal));
        }, iter: 30, threads: 1);
    }

    [Fact]
    public async Task Totals_of_events_equal_a_recount_also_when_their_days_are_dropped()
    {
        var days = new[] { new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 2) };
        foreach (var day in days) await ReportWorld.ExecuteAsync(database.DataSource, "SELECT whatsops.ensure_event_day($1)", day);
        await WriteEventsAsync(Start.AddHours(1), "a", "messages.upsert", 5, false);
        await WriteEventsAsync(Start.AddHours(1), "a", "messages.upsert", 7, true);
        await Rollups.FoldAsync(database.DataSource, default);
        // Late, into an hour that was folded.
        await WriteEventsAsync(Start.AddHours(1), "a", "messages.upsert", 2, false);
        await WriteEventsAsync(Start.AddHours(25), "b", "send.message", 3, false);
        await ReportWorld.ExecuteAsync(database.DataSource, "SELECT whatsops.drop_event_days('events', '2026-03-02')");

        var top = await new ActivityReader(database.DataSource).TopTenantsAsync("revalya", new(Start, Start.AddDays(2)), 10, default);
        Assert.Equal([new CountOf("a", 7), new CountOf("b", 3)], top);
    }

    [Fact]
    public async Task Writers_and_folds_at_once_lose_and_double_nothing()
    {
        using var stop = new CancellationTokenSource();
        var folding = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await Rollups.FoldAsync(database.DataSource, default);
        })).ToArray();
        var seen = new List<long>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 4), async (writer, _) =>
        {
            for (var batch = 0; batch < 15; batch++)
            {
                await WriteAsync("busy", [.. Enumerable.Range(0, 25).Select(i => new Call(i, "g1", $"t{writer}", "seen", 200, i))]);
                // Whatever moment it is, every committed batch is in, whole and once.
                var requests = (await new CallReader(database.DataSource).ReadAsync("busy", new(Start, Start.AddHours(1)), TimeZoneInfo.Utc, default)).Requests;
                lock (seen) seen.Add(requests);
            }
        });
        await stop.CancelAsync();
        await Task.WhenAll(folding);
        Assert.All(seen, requests => Assert.Equal(0, requests % 25));
        Assert.Equal(1500, (await new CallReader(database.DataSource).ReadAsync("busy", new(Start, Start.AddHours(1)), TimeZoneInfo.Utc, default)).Requests);
    }

    private static string Error(Call call) => call switch
    {
        { Outcome: "unreachable", Status: null } => "no_answer",
        { Status: >= 400 } => $"http_{call.Status}",
        _ => call.Outcome,
    };

    private async Task WriteAsync(string system, IReadOnlyList<Call> calls)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY whatsops.gateway_calls (at, system, gateway, tenant, operation, outcome, status, duration_ms) FROM STDIN (FORMAT BINARY)");
        foreach (var call in calls)
            await copy.WriteRowAsync(default, Start.AddMinutes(call.Minute), system, call.Gateway, (object?)call.Tenant ?? DBNull.Value, "op", call.Outcome, (object?)call.Status ?? DBNull.Value, call.Ms);
        await copy.CompleteAsync();
    }

    private Task WriteEventsAsync(DateTimeOffset at, string tenant, string name, int times, bool foreign) => ReportWorld.ExecuteAsync(
        database.DataSource,
        "INSERT INTO whatsops.events (system, tenant, received_at, id, event, is_foreign, size) SELECT 'revalya', $1, $2, gen_random_uuid(), $3, $4, 1 FROM generate_series(1, $5)",
        tenant, at, name, foreign, times);
}
