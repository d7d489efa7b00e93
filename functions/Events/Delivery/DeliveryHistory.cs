using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Events;

/// <summary>Reads the outbox in pages.</summary>
internal sealed class DeliveryHistory(NpgsqlDataSource database)
{
    /// <summary>Newest first; null means any.</summary>
    public async Task<IReadOnlyList<DeliveryItem>> ListAsync(string? system, string? tenant, string? state, EventCursor? before, int limit, CancellationToken cancellation)
    {
        var from = before is not { } cursor ? Guid.AllBitsSet : cursor.Id == Guid.Empty ? EventIds.First(cursor.Before) : cursor.Id;
        // The state as a word, not as a parameter: the partial indexes of what waits and what is dead fit only then.
        var isState = state is null ? "" : $"AND d.state = '{state}'";
        // What was delivered has no index by tenant; the tenant's events have.
        var (source, place, order) = tenant is not null && state is null or DeliveryStanding.Delivered
            ? ("whatsops.events e JOIN whatsops.deliveries d ON d.event_id = e.id AND d.system = e.system AND d.tenant = e.tenant", "e", "e.received_at DESC, e.id DESC")
            : ("whatsops.deliveries d", "d", "d.event_id DESC");
        await using var command = database.CreateCommand(
            $"""
            SELECT d.event_id, d.received_at, d.system, d.tenant, d.event, d.state, d.attempts, d.last_status, d.last_error,
              CASE WHEN d.state = 'pending' THEN d.next_attempt_at END, d.settled_at, d.is_replay, d.is_backfill,
              EXISTS (SELECT FROM whatsops.event_bodies b WHERE b.received_at = d.received_at AND b.id = d.event_id)
            FROM {source}
            WHERE ($1 IS NULL OR {place}.system = $1) AND ($2 IS NULL OR {place}.tenant = $2) AND {place}.received_at <= $4 AND d.event_id < $3 {isState}
            ORDER BY {order} LIMIT $5
            """);
        command.Parameters.Add(new() { Value = (object?)system ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = before is { } page ? page.Before.UtcDateTime : DateTime.MaxValue, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = limit });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var items = new List<DeliveryItem>();
        while (await row.ReadAsync(cancellation))
            items.Add(new(
                row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt32(6),
                row.GetFieldValue<int?>(7), row.IsDBNull(8) ? null : row.GetString(8), row.GetFieldValue<DateTimeOffset?>(9), row.GetFieldValue<DateTimeOffset?>(10),
                row.GetBoolean(11), row.GetBoolean(12), row.GetBoolean(13)));
        return items;
    }
}
