using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Events;

/// <summary>Ends what waits too long: an event is given up, not forgotten, before its body goes. Delivered rows live as long as bodies, dead ones as long as events.</summary>
public sealed class DeliveryRetention(NpgsqlDataSource database, EventsOptions options, TimeProvider time)
{
    internal const string BodyGone = "not delivered before its body was deleted (EventsBodyDays)";
    internal const string NeverKept = "larger than EventsMaxBodyBytes: its body was not kept";
    private const int Chunk = 10_000;

    /// <summary>Before the bodies of the days before one are dropped: what still waits for one of them becomes a dead letter.</summary>
    public async Task<int> GiveUpAsync(DateOnly before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "UPDATE whatsops.deliveries SET state = 'dead', last_error = $2, settled_at = $3 WHERE event_id < $1 AND state = 'pending'");
        command.Parameters.Add(new() { Value = FirstId(before) });
        command.Parameters.Add(new() { Value = BodyGone });
        command.Parameters.Add(new() { Value = time.GetUtcNow(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task DeleteAsync(CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await DeleteAsync("delivered", today.AddDays(-options.BodyDays), cancellation);
        await DeleteAsync("dead", today.AddDays(-options.Days), cancellation);
    }

    // In small transactions: the receiver inserts here all the time.
    private async Task DeleteAsync(string state, DateOnly before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"DELETE FROM whatsops.deliveries WHERE ctid = ANY(ARRAY(SELECT ctid FROM whatsops.deliveries WHERE event_id < $1 AND state = '{state}' LIMIT {Chunk}))");
        command.Parameters.Add(new() { Value = FirstId(before) });
        while (await command.ExecuteNonQueryAsync(cancellation) == Chunk)
        {
        }
    }

    private static Guid FirstId(DateOnly day) => EventIds.First(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero));
}
