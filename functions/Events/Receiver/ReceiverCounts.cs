using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Telemetry;

namespace WhatsOps.Events;

/// <summary>Counts every answer of the receiver per minute: the only trace of requests whose body was not stored.</summary>
public sealed class ReceiverCounts(NpgsqlDataSource database, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);

    internal void Count(WebhookAnswer answer) => _counters.GetOrAdd(answer.Name, name => new Counter(name)).Add();

    internal async Task FlushAsync(CancellationToken cancellation)
    {
        var taken = _counters.Values.Select(counter => (Counter: counter, Count: counter.Take())).Where(item => item.Count > 0).ToArray();
        if (taken.Length == 0) return;
        try
        {
            await using var command = database.CreateCommand("""
                INSERT INTO whatsops.receiver_counts AS known (minute, answer, count) SELECT date_trunc('minute', $1), a, c FROM unnest($2, $3) AS new(a, c)
                ON CONFLICT (minute, answer) DO UPDATE SET count = known.count + excluded.count
                """);
            // In one order everywhere: two processes that count at once must not deadlock.
            var ordered = taken.OrderBy(item => item.Counter.Name, StringComparer.Ordinal).ToArray();
            command.Parameters.Add(new() { Value = time.GetUtcNow() });
            command.Parameters.Add(new() { Value = ordered.Select(item => item.Counter.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            command.Parameters.Add(new() { Value = ordered.Select(item => item.Count).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch
        {
            foreach (var (counter, count) in taken) counter.GiveBack(count);
            throw;
        }
    }

    private sealed class Counter(string name)
    {
        private readonly KeyValuePair<string, object?> _answer = Metrics.Answer(name);
        private long _count;

        public string Name => name;

        public void Add()
        {
            Interlocked.Increment(ref _count);
            Metrics.Webhook(_answer);
        }

        public long Take() => Interlocked.Exchange(ref _count, 0);

        public void GiveBack(long count) => Interlocked.Add(ref _count, count);
    }
}
