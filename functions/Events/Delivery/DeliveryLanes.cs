using Npgsql;
using NpgsqlTypes;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Events;

/// <summary>Leases tenants' queues: those with something due, the longest unserved first, within each system's bound and its breaker.</summary>
internal sealed class DeliveryLanes(NpgsqlDataSource database, DeliveryOptions options)
{
    // The next probe waits this long when the prober dies.
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(30);

    /// <param name="systems">Those that forward now.</param>
    /// <param name="max">Lanes wanted now.</param>
    public async Task<IReadOnlyList<DeliveryLane>> LeaseAsync(
        IReadOnlyCollection<string> systems, Guid owner, DateTimeOffset now, int max, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            WITH room AS (
              SELECT s.system, b.open_until IS NOT NULL AS is_probe,
                CASE WHEN b.open_until > $2 THEN 0
                     WHEN b.open_until IS NOT NULL THEN 1
                     ELSE $5 - (SELECT count(*) FROM whatsops.delivery_lanes l WHERE l.system = s.system AND l.owner IS NOT NULL AND l.leased_until > $2) END AS lanes
              FROM unnest($1) AS s(system) LEFT JOIN whatsops.delivery_breakers b ON b.system = s.system
            ), due AS (
              SELECT l.system, l.tenant, r.is_probe, r.lanes,
                -- A probe with what never failed tells most about the product.
                row_number() OVER (PARTITION BY l.system ORDER BY CASE WHEN r.is_probe THEN heads.attempts END, l.leased_at NULLS FIRST, l.tenant) AS place
              FROM room r
              JOIN whatsops.delivery_lanes l ON l.system = r.system AND (l.owner IS NULL OR l.leased_until <= $2)
              CROSS JOIN LATERAL (
                SELECT min(head.attempts) AS attempts FROM (
                  (SELECT d.attempts, d.next_attempt_at FROM whatsops.deliveries d
                     WHERE d.system = l.system AND d.tenant = l.tenant AND d.state = 'pending' AND NOT d.is_aside ORDER BY d.event_id LIMIT 1)
                  UNION ALL
                  (SELECT d.attempts, d.next_attempt_at FROM whatsops.deliveries d
                     WHERE d.system = l.system AND d.tenant = l.tenant AND d.state = 'pending' AND d.is_aside ORDER BY d.next_attempt_at, d.event_id LIMIT 1)
                ) AS head WHERE head.next_attempt_at <= $2
              ) AS heads
              WHERE r.lanes > 0 AND heads.attempts IS NOT NULL
            ), free AS (
              SELECT l.system, l.tenant, due.is_probe FROM due JOIN whatsops.delivery_lanes l USING (system, tenant)
              WHERE due.place <= due.lanes AND (l.owner IS NULL OR l.leased_until <= $2)
              ORDER BY l.leased_at NULLS FIRST LIMIT $6 FOR UPDATE OF l SKIP LOCKED
            ), leased AS (
              UPDATE whatsops.delivery_lanes l SET owner = $3, fence = l.fence + 1, leased_at = $2, leased_until = $4
              FROM free WHERE l.system = free.system AND l.tenant = free.tenant RETURNING l.system, l.tenant, l.fence, free.is_probe
            ), probing AS (
              UPDATE whatsops.delivery_breakers b SET open_until = $7 WHERE b.system IN (SELECT system FROM leased WHERE is_probe)
            )
            SELECT system, tenant, fence, is_probe FROM leased
            """);
        command.Parameters.Add(new() { Value = systems.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(Time(now));
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(Time(now + options.Lease));
        command.Parameters.Add(new() { Value = (long)options.PerSystem });
        command.Parameters.Add(new() { Value = max });
        command.Parameters.Add(Time(now + Probe));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var lanes = new List<DeliveryLane>();
        while (await row.ReadAsync(cancellation)) lanes.Add(new(row.GetString(0), row.GetString(1), owner, row.GetInt64(2), row.GetBoolean(3)));
        return lanes;
    }

    /// <summary>What of a lane is due: the head of its order and those behind it, then those aside; within a number and about four megabytes each.</summary>
    public async Task<IReadOnlyList<OwedEvent>> DueAsync(DeliveryLane lane, DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Due(lane, now, limit, "NOT is_aside", "event_id"));
        batch.BatchCommands.Add(Due(lane, now, limit, "is_aside", "next_attempt_at, event_id"));
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        var due = new List<OwedEvent>();
        do
        {
            while (await row.ReadAsync(cancellation)) due.Add(Read(row));
        }
        while (await row.NextResultAsync(cancellation));
        return due;
    }

    // The head is not due yet: then nothing behind it is. In the aside queue the order is by time, so the same cut is right there.
    private static NpgsqlBatchCommand Due(DeliveryLane lane, DateTimeOffset now, int limit, string queue, string order) => new(
        $"""
        SELECT event_id, received_at, content_type, is_replay, is_backfill, owed_since, is_aside, attempts, refusals, first_attempt_at, next_attempt_at, last_status, last_error, body, trace
        FROM (
          SELECT d.*, b.body,
            sum(octet_length(b.body)) OVER line - octet_length(b.body) AS bytes_before, bool_and(d.next_attempt_at <= $3) OVER line AS is_due
          FROM (SELECT * FROM whatsops.deliveries WHERE system = $1 AND tenant = $2 AND state = 'pending' AND {queue} ORDER BY {order} LIMIT $4) d
          LEFT JOIN whatsops.event_bodies b ON b.received_at = d.received_at AND b.id = d.event_id AND b.system = d.system AND b.tenant = d.tenant
          WINDOW line AS (ORDER BY {order})
        ) AS line
        WHERE is_due AND coalesce(bytes_before, 0) < 4194304
        ORDER BY {order}
        """)
    {
        Parameters = { new() { Value = lane.System }, new() { Value = lane.Tenant }, Time(now), new() { Value = limit } },
    };

    private static OwedEvent Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetBoolean(3), row.GetBoolean(4),
        row.GetFieldValue<DateTimeOffset>(5),
        new(DeliveryStanding.Pending, row.GetBoolean(6), row.GetInt32(7), row.GetInt32(8), row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
            row.GetFieldValue<DateTimeOffset>(10), row.IsDBNull(11) ? null : row.GetInt32(11), row.IsDBNull(12) ? null : row.GetString(12)),
        row.IsDBNull(13) ? null : row.GetFieldValue<byte[]>(13), row.IsDBNull(14) ? null : row.GetString(14));
}
