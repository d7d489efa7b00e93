using Npgsql;

namespace WhatsOps.Events;

/// <summary>Questions about the flow of events, for those who judge it.</summary>
public sealed class EventTraffic(NpgsqlDataSource database)
{
    private const string Traffic = "system = $1 AND tenant = $2 AND NOT is_foreign AND state IS NULL AND event <> 'qrcode.updated'";

    /// <summary>Events that came through a tenant's door for an instance that is not its own, since a time.</summary>
    public async Task<IReadOnlyList<ForeignTraffic>> ForeignAsync(string system, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT tenant, coalesce(instance, 'unknown'), count(*), max(received_at) FROM whatsops.events
            WHERE system = $1 AND received_at >= $2 AND is_foreign GROUP BY 1, 2 ORDER BY 1, 2
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = since.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<ForeignTraffic>();
        while (await row.ReadAsync(cancellation)) found.Add(new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetFieldValue<DateTimeOffset>(3)));
        return found;
    }

    /// <summary>
    /// How long a tenant's line has been without traffic, and how long it was silent around the same moment of the four weeks before. State events
    /// and QR codes are no traffic: a dead session sends them, too.
    /// </summary>
    public async Task<TrafficSilence> SilenceAsync(string system, string tenant, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT (SELECT max(received_at) FROM whatsops.events WHERE {Traffic} AND received_at > $3 - interval '8 days' AND received_at <= $3),
                   ARRAY(SELECT extract(epoch FROM (after.at - before.at))::float8
                           FROM generate_series(1, 4) AS week
                           CROSS JOIN LATERAL (SELECT $3 - week * interval '7 days' AS at) moment
                           CROSS JOIN LATERAL (SELECT max(received_at) AS at FROM whatsops.events WHERE {Traffic} AND received_at > moment.at - interval '7 days' AND received_at <= moment.at) before
                           CROSS JOIN LATERAL (SELECT min(received_at) AS at FROM whatsops.events WHERE {Traffic} AND received_at > moment.at AND received_at <= moment.at + interval '7 days') after
                          WHERE before.at IS NOT NULL AND after.at IS NOT NULL)
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = now.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0), [.. row.GetFieldValue<double[]>(1).Select(TimeSpan.FromSeconds)]);
    }

    /// <summary>The first event that told of a message since a time: when it was sent, when it was acknowledged, or when it came; null: none did.</summary>
    public async Task<string?> EchoAsync(string system, string tenant, string messageId, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT event FROM whatsops.events WHERE system = $1 AND tenant = $2 AND received_at >= $3 AND message_id = $4 AND NOT is_foreign AND NOT is_backfill ORDER BY received_at LIMIT 1");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = since.UtcDateTime });
        command.Parameters.Add(new() { Value = messageId });
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    /// <summary>State events that were absorbed since a time, by gateway; instances whose gateway is not known count under an empty name.</summary>
    public async Task<IReadOnlyList<AbsorbedEvents>> AbsorbedAsync(string system, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT coalesce(i.gateway, ''), sum(s.count)::bigint, array_agg(DISTINCT s.instance ORDER BY s.instance)
              FROM whatsops.storm_counts s LEFT JOIN whatsops.instances i ON i.system = s.system AND i.instance = s.instance
             WHERE s.system = $1 AND s.minute >= $2 GROUP BY 1 ORDER BY 1
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = since.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<AbsorbedEvents>();
        while (await row.ReadAsync(cancellation)) found.Add(new(row.GetString(0), row.GetInt64(1), row.GetFieldValue<string[]>(2)));
        return found;
    }
}
