using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Database;

namespace WhatsOps.Events;

/// <summary>
/// Stores events, each before its request is answered. One writer takes whatever queued up during the last commit and commits it together:
/// no timed window, which would cost more than it gathers.
/// </summary>
public sealed class EventLog(NpgsqlDataSource database, EventPartitions partitions, DeliverySignal deliveries, EventsOptions options, ILogger<EventLog> log) : BackgroundService
{
    private const int MaxBatch = 500;
    private const int MaxBatchBytes = 8 * 1024 * 1024;
    private const int MaxRepeats = 5;

    private readonly Channel<EventRow> _waiting = Channel.CreateUnbounded<EventRow>(new() { SingleReader = true });
    private readonly List<EventRow> _batch = new(MaxBatch);
    private readonly List<EventRow> _unique = new(MaxBatch);
    private EventInsert? _insert;
    private int _rows;
    private long _bytes;

    /// <summary>Completes after the commit, or at once when too much is waiting.</summary>
    internal Task<StoreOutcome> AppendAsync(EventRow row)
    {
        var size = row.Body?.Length ?? 0;
        var rows = Interlocked.Increment(ref _rows);
        var bytes = Interlocked.Add(ref _bytes, size);
        // A single body may exceed the byte limit only when it is alone, or it could never pass.
        if (rows > options.MaxWaiting || (bytes > options.MaxWaitingBytes && rows > 1) || !_waiting.Writer.TryWrite(row))
        {
            Leave(row);
            row.Settle(StoreOutcome.Overloaded);
        }

        return row.Outcome;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // What waits is still committed; what comes now is refused.
        _waiting.Writer.TryComplete();
        if (ExecuteTask is { } writer) await writer.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reader = _waiting.Reader;
        while (await reader.WaitToReadAsync(CancellationToken.None))
        {
            _batch.Clear();
            var bytes = 0;
            while (_batch.Count < MaxBatch && bytes < MaxBatchBytes && reader.TryRead(out var row))
            {
                Leave(row);
                bytes += row.Body?.Length ?? 0;
                _batch.Add(row);
            }

            try
            {
                await StoreAsync(_batch);
            }
            catch (Exception problem)
            {
                // Whatever it is, the requests get their answer and the writer lives on.
                log.LogError(problem, "The event log could not store {Count} events", _batch.Count);
                await LoseConnectionAsync();
                SettleAll(_batch, StoreOutcome.Unavailable);
            }
        }

        await LoseConnectionAsync();
    }

    private void Leave(EventRow row)
    {
        Interlocked.Decrement(ref _rows);
        Interlocked.Add(ref _bytes, -(row.Body?.Length ?? 0));
    }

    private async Task StoreAsync(List<EventRow> batch)
    {
        batch.Sort(EventRow.CompareKeys);
        _unique.Clear();
        foreach (var row in batch)
            if (_unique.Count == 0 || !_unique[^1].HasKeyOf(row)) _unique.Add(row);
        await CommitAsync(_unique);

        // Twins in one batch share the fate of the first.
        for (var i = 1; i < batch.Count; i++)
            if (batch[i].HasKeyOf(batch[i - 1]))
                batch[i].Settle(batch[i - 1].Outcome.Result is StoreOutcome.Stored ? StoreOutcome.Duplicate : batch[i - 1].Outcome.Result);
    }

    private async Task CommitAsync(List<EventRow> rows)
    {
        for (var repeat = 0; ; repeat++)
        {
            try
            {
                _insert ??= await EventInsert.OpenAsync(database, options.CommitSeconds, CancellationToken.None);
                var stored = await _insert.ExecuteAsync(rows, CancellationToken.None);
                foreach (var row in rows) row.Settle(stored.Contains(row.Id) ? StoreOutcome.Stored : StoreOutcome.Duplicate);
                if (rows.Exists(row => row.IsOwed)) deliveries.Raise();
                return;
            }
            catch (PostgresException problem) when (repeat < MaxRepeats && IsCollision(problem))
            {
                log.LogDebug("Another writer was in the way ({Code}); the batch is repeated", problem.SqlState);
            }
            catch (PostgresException problem) when (repeat < MaxRepeats && DayPartitions.IsMissing(problem))
            {
                foreach (var day in rows.Select(row => DateOnly.FromDateTime(row.ReceivedAt.UtcDateTime)).Distinct())
                    await partitions.EnsureAsync(day, CancellationToken.None);
            }
            catch (PostgresException problem) when (IsAboutARow(problem))
            {
                await IsolateAsync(rows, problem);
                return;
            }
            catch (Exception problem) when (problem is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException)
            {
                log.LogWarning("The database did not take {Count} events: {Problem}", rows.Count, problem.Message);
                await LoseConnectionAsync();
                SettleAll(rows, StoreOutcome.Unavailable);
                FailWaiting();
                return;
            }
        }
    }

    // One row that the database refuses must not take its batch mates with it: halve until it is alone.
    private async Task IsolateAsync(List<EventRow> rows, PostgresException problem)
    {
        if (rows.Count == 1)
        {
            log.LogError("Event {Id} of {System}/{Tenant} cannot be stored: {Code}", rows[0].Id, rows[0].System, rows[0].Tenant, problem.SqlState);
            rows[0].Settle(StoreOutcome.Rejected);
            return;
        }

        var half = rows.Count / 2;
        await CommitAsync(rows[..half]);
        await CommitAsync(rows[half..]);
    }

    // They waited as long as the failed commit did; a gateway that hears 503 now repeats, one that waits longer may give up.
    private void FailWaiting()
    {
        while (_waiting.Reader.TryRead(out var row))
        {
            Leave(row);
            row.Settle(StoreOutcome.Unavailable);
        }
    }

    private async Task LoseConnectionAsync()
    {
        if (_insert is { } insert) await insert.DisposeAsync();
        _insert = null;
    }

    private static void SettleAll(List<EventRow> rows, StoreOutcome outcome)
    {
        foreach (var row in rows) row.Settle(outcome);
    }

    private static bool IsCollision(PostgresException problem) =>
        problem.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    // Classes 22 (data), 23 (constraints) and 54 (limits) speak of values; all others of the server.
    private static bool IsAboutARow(PostgresException problem) => problem.SqlState[..2] is "22" or "23" or "54";
}
