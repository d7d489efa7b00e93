using Npgsql;
using NpgsqlTypes;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Events;

/// <summary>Writes what became of attempts: the events of a lane and its lease in one transaction, fenced; and the system's breaker.</summary>
internal sealed class DeliveryLedger(NpgsqlDataSource database)
{
    /// <summary>Tenants that fail without a success between, before the product counts as dead.</summary>
    public const int FailingTenants = 3;

    private const int FirstOpenSeconds = 30;
    private const int LongestOpenSeconds = 300;

    /// <summary>False: the lane belongs to somebody else by now, and nothing was written.</summary>
    /// <param name="isWell">What the last attempt said of the product; null when there was none.</param>
    /// <param name="leasedUntil">Null gives the lane back.</param>
    public async Task<bool> SettleAsync(
        DeliveryLane lane, IReadOnlyList<(Guid Id, DeliveryStanding Standing)> outcomes, bool? isWell, DateTimeOffset now, DateTimeOffset? leasedUntil, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Outcomes(lane, outcomes, now, leasedUntil));
        if (outcomes.Count > 0 && isWell is { } well) batch.BatchCommands.Add(well ? Success(lane) : Failure(lane, now));
        return (long)(await batch.ExecuteScalarAsync(cancellation))! > 0;
    }

    private static NpgsqlBatchCommand Outcomes(DeliveryLane lane, IReadOnlyList<(Guid Id, DeliveryStanding Standing)> outcomes, DateTimeOffset now, DateTimeOffset? leasedUntil)
    {
        var command = new NpgsqlBatchCommand(
            """
            WITH held AS (
              UPDATE whatsops.delivery_lanes SET owner = CASE WHEN $6::timestamptz IS NOT NULL THEN owner END, leased_until = $6
              WHERE system = $1 AND tenant = $2 AND owner = $3 AND fence = $4 RETURNING true
            ), settled AS (
              UPDATE whatsops.deliveries d
              SET state = o.state, is_aside = o.is_aside, attempts = o.attempts, refusals = o.refusals, first_attempt_at = o.first_attempt_at,
                  next_attempt_at = o.next_attempt_at, last_status = o.last_status, last_error = o.last_error, settled_at = CASE WHEN o.state <> 'pending' THEN $5 END
              FROM held, unnest($7, $8, $9, $10, $11, $12, $13, $14, $15)
                AS o(id, state, is_aside, attempts, refusals, first_attempt_at, next_attempt_at, last_status, last_error)
              WHERE d.event_id = o.id AND d.system = $1 AND d.tenant = $2 AND d.state = 'pending'
            )
            SELECT count(*) FROM held
            """)
        {
            Parameters =
            {
                new() { Value = lane.System }, new() { Value = lane.Tenant }, new() { Value = lane.Owner }, new() { Value = lane.Fence }, Time(now), Time(leasedUntil),
            },
        };
        Add(NpgsqlDbType.Uuid, outcome => outcome.Id);
        Add(NpgsqlDbType.Text, outcome => outcome.Standing.State);
        Add(NpgsqlDbType.Boolean, outcome => outcome.Standing.IsAside);
        Add(NpgsqlDbType.Integer, outcome => outcome.Standing.Attempts);
        Add(NpgsqlDbType.Integer, outcome => outcome.Standing.Refusals);
        Add(NpgsqlDbType.TimestampTz, outcome => outcome.Standing.FirstAttemptAt?.UtcDateTime);
        Add(NpgsqlDbType.TimestampTz, outcome => outcome.Standing.NextAttemptAt.UtcDateTime);
        Add(NpgsqlDbType.Integer, outcome => outcome.Standing.LastStatus);
        Add(NpgsqlDbType.Text, outcome => outcome.Standing.LastError);
        return command;

        void Add<T>(NpgsqlDbType type, Func<(Guid Id, DeliveryStanding Standing), T> value) =>
            command.Parameters.Add(new() { Value = outcomes.Select(value).ToArray(), NpgsqlDbType = type | NpgsqlDbType.Array });
    }

    // Nearly always there is nothing to change, and then nothing is written.
    private static NpgsqlBatchCommand Success(DeliveryLane lane) => new(
        "UPDATE whatsops.delivery_breakers SET failing = '{}', trips = 0, open_until = NULL WHERE system = $1 AND (open_until IS NOT NULL OR failing <> '{}')")
    {
        Parameters = { new() { Value = lane.System } },
    };

    // One tenant whose own endpoint is broken is no dead product, and its own waits spare it.
    private static NpgsqlBatchCommand Failure(DeliveryLane lane, DateTimeOffset now) => new(
        $"""
        INSERT INTO whatsops.delivery_breakers AS b (system, failing) VALUES ($1, ARRAY[$2])
        ON CONFLICT (system) DO UPDATE SET
          failing = CASE WHEN $2 = ANY(b.failing) OR cardinality(b.failing) >= {FailingTenants} THEN b.failing ELSE b.failing || $2 END,
          trips = b.trips + CASE WHEN $3 OR (b.open_until IS NULL AND cardinality(b.failing) >= {FailingTenants - 1} AND NOT $2 = ANY(b.failing)) THEN 1 ELSE 0 END,
          open_until = CASE WHEN $3 OR (b.open_until IS NULL AND cardinality(b.failing) >= {FailingTenants - 1} AND NOT $2 = ANY(b.failing))
            THEN $4 + make_interval(secs => least({FirstOpenSeconds} * 2 ^ least(b.trips, 10), {LongestOpenSeconds})) ELSE b.open_until END
        """)
    {
        Parameters = { new() { Value = lane.System }, new() { Value = lane.Tenant }, new() { Value = lane.IsProbe }, Time(now) },
    };
}
