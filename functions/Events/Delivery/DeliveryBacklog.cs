using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Events;

/// <summary>What a system's product is still owed, and what it will not get.</summary>
internal sealed class DeliveryBacklog(NpgsqlDataSource database)
{
    // A backlog of a day is not counted to the end each minute.
    private const int CountedUpTo = 100_000;

    /// <summary>A tenant's part.</summary>
    /// <param name="Oldest">Since when its oldest event waits; null when none does.</param>
    /// <param name="Dead">Dead letters.</param>
    /// <param name="Answers">Last answers to what waits and to what is dead: status codes, or why there was none.</param>
    internal sealed record Tenant(string Name, DateTimeOffset? Oldest, long Dead, IReadOnlyList<string> Answers);

    /// <param name="Waiting">Events that wait; no more than <see cref="CountedUpTo"/> are counted.</param>
    internal sealed record Backlog(long Waiting, IReadOnlyList<Tenant> Tenants);

    public async Task<Backlog> ReadAsync(string system, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            $"SELECT count(*) FROM (SELECT FROM whatsops.deliveries WHERE system = $1 AND state = 'pending' LIMIT {CountedUpTo}) AS waiting") { Parameters = { Text(system) } });
        batch.BatchCommands.Add(new(
            """
            WITH heads AS (
              SELECT l.tenant, head.owed_since AS oldest, 0 AS dead, head.answer FROM whatsops.delivery_lanes l
              CROSS JOIN LATERAL (
                SELECT d.owed_since, coalesce(d.last_error, 'HTTP ' || d.last_status) AS answer FROM whatsops.deliveries d
                WHERE d.system = l.system AND d.tenant = l.tenant AND d.state = 'pending' AND NOT d.is_aside ORDER BY d.event_id LIMIT 1) AS head
              WHERE l.system = $1
            ), asides AS (
              SELECT tenant, owed_since, 0, coalesce(last_error, 'HTTP ' || last_status) FROM whatsops.deliveries WHERE system = $1 AND state = 'pending' AND is_aside
            ), letters AS (
              SELECT tenant, NULL::timestamptz, 1, coalesce(last_error, 'HTTP ' || last_status) FROM whatsops.deliveries WHERE system = $1 AND state = 'dead'
            )
            SELECT tenant, min(oldest), sum(dead), array_agg(DISTINCT answer) FILTER (WHERE answer IS NOT NULL)
            FROM (SELECT * FROM heads UNION ALL SELECT * FROM asides UNION ALL SELECT * FROM letters) AS owed GROUP BY tenant ORDER BY tenant
            """) { Parameters = { Text(system) } });
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var waiting = row.GetInt64(0);
        await row.NextResultAsync(cancellation);
        var tenants = new List<Tenant>();
        while (await row.ReadAsync(cancellation))
            tenants.Add(new(row.GetString(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2), row.IsDBNull(3) ? [] : row.GetFieldValue<string[]>(3)));
        return new(waiting, tenants);
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
