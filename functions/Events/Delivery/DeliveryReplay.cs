using Npgsql;
using NpgsqlTypes;
using WhatsOps.Fleet;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Events;

/// <summary>
/// Owes events to the product again, under their own ids, as long as their bodies are kept; also such as were never owed. They go beside the
/// tenant's order, so that what is new does not wait for what is old. What still waits for its first delivery is left alone.
/// </summary>
internal sealed class DeliveryReplay(NpgsqlDataSource database, IPauses pauses, DeliverySignal signal, EventsOptions options, TimeProvider time)
{
    /// <summary>More at once is refused: a window that was mistyped must not bury a product.</summary>
    public const int MaxEvents = 10_000;

    private const string Candidates =
        """
        SELECT e.system, e.tenant, e.id, e.received_at, e.event, e.is_backfill, b.id IS NOT NULL AS has_body
        FROM picked p JOIN whatsops.events e ON e.received_at = p.received_at AND e.id = p.id
        LEFT JOIN whatsops.event_bodies b ON b.received_at = e.received_at AND b.id = e.id
        LEFT JOIN whatsops.deliveries d ON d.event_id = e.id AND d.system = e.system AND d.tenant = e.tenant
        WHERE e.system = $1 AND ($2 IS NULL OR e.tenant = $2) AND e.received_at >= $3 AND e.received_at < $4
          AND NOT e.is_foreign AND coalesce(d.state, '') <> 'pending' AND (NOT $5 OR d.state = 'dead')
        """;

    public async Task<ReplayCount> CountAsync(ReplayRequest asked, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await CountAsync(connection, asked, cancellation);
    }

    /// <exception cref="ProblemException">409: the system is paused, or that is more than <see cref="MaxEvents"/>.</exception>
    public async Task<ReplayCount> ReplayAsync(ReplayRequest asked, CancellationToken cancellation)
    {
        await pauses.RequireRunningAsync(asked.System!, "A replay", cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var count = await CountAsync(connection, asked, cancellation);
        if (count.Events > MaxEvents)
            throw new ProblemException(409, $"That is {count.Events} events, more than {MaxEvents} at once.", "$.from", "Ask for a shorter time, or for one tenant.");
        await using var command = Command(connection, asked,
            """
            , lanes AS (
              INSERT INTO whatsops.delivery_lanes (system, tenant) SELECT DISTINCT system, tenant FROM candidates WHERE has_body ON CONFLICT DO NOTHING
            ), owed AS (
              INSERT INTO whatsops.deliveries AS d (event_id, system, tenant, received_at, event, state, is_aside, is_replay, is_backfill, owed_since, next_attempt_at)
              SELECT id, system, tenant, received_at, event, 'pending', true, true, is_backfill, $8, $8 FROM candidates WHERE has_body
              ON CONFLICT (event_id, system, tenant) DO UPDATE
              SET state = 'pending', is_aside = true, is_replay = true, owed_since = $8, attempts = 0, refusals = 0, first_attempt_at = NULL, next_attempt_at = $8, settled_at = NULL
              WHERE d.state <> 'pending' RETURNING 1
            )
            SELECT count(*) FROM owed
            """);
        var replayed = (long)(await command.ExecuteScalarAsync(cancellation))!;
        await transaction.CommitAsync(cancellation);
        signal.Raise();
        return count with { Events = replayed };
    }

    private async Task<ReplayCount> CountAsync(NpgsqlConnection connection, ReplayRequest asked, CancellationToken cancellation)
    {
        await using var command = Command(connection, asked, "SELECT count(*) FILTER (WHERE has_body), count(*) FILTER (WHERE NOT has_body) FROM candidates");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(row.GetInt64(0), row.GetInt64(1));
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, ReplayRequest asked, string rest)
    {
        // Each way of asking finds its events by an index of its own.
        var picked = asked switch
        {
            { Ids: not null } => "SELECT * FROM unnest($6, $7) AS p(id, received_at)",
            { OnlyDead: true } => "SELECT event_id AS id, received_at FROM whatsops.deliveries WHERE system = $1 AND ($2 IS NULL OR tenant = $2) AND state = 'dead'",
            _ => "SELECT id, received_at FROM whatsops.events WHERE system = $1 AND ($2 IS NULL OR tenant = $2) AND received_at >= $3 AND received_at < $4",
        };
        var command = new NpgsqlCommand($"WITH picked AS ({picked}), candidates AS MATERIALIZED ({Candidates}) {rest}", connection);
        var now = time.GetUtcNow();
        command.Parameters.Add(new() { Value = asked.System! });
        command.Parameters.Add(new() { Value = (object?)asked.Tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(Time(asked.From ?? now.AddDays(-options.Days)));
        command.Parameters.Add(Time(asked.To ?? now.AddMinutes(1)));
        command.Parameters.Add(new() { Value = asked.OnlyDead });
        command.Parameters.Add(new() { Value = asked.Ids?.ToArray() ?? [], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = asked.Ids?.Select(id => EventIds.TimeOf(id).UtcDateTime).ToArray() ?? [], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        command.Parameters.Add(Time(now));
        return command;
    }
}
