using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Events;

/// <summary>Reads the event log in pages.</summary>
public sealed class EventHistory(NpgsqlDataSource database)
{
    /// <summary>Newest first; null means any.</summary>
    public async Task<IReadOnlyList<EventItem>> ListAsync(string? system, string? tenant, EventCursor? before, int limit, CancellationToken cancellation)
    {
        var from = before ?? new(DateTimeOffset.MaxValue.AddYears(-1), Guid.Empty);
        await using var command = database.CreateCommand("""
            SELECT id, received_at, system, tenant, event, instance, is_foreign, state, reason, problem, size
            FROM whatsops.events
            WHERE ($1 IS NULL OR system = $1) AND ($2 IS NULL OR tenant = $2)
              AND received_at <= $3 AND (received_at, id) < ($3, $4)
            ORDER BY received_at DESC, id DESC LIMIT $5
            """);
        command.Parameters.Add(new() { Value = (object?)system ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = from.Before.UtcDateTime });
        command.Parameters.Add(new() { Value = from.Id });
        command.Parameters.Add(new() { Value = limit });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var events = new List<EventItem>();
        while (await rows.ReadAsync(cancellation))
            events.Add(new(
                rows.GetGuid(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetString(2), rows.GetString(3), rows.GetString(4),
                Text(rows, 5) is { } instance ? PhoneMask.Mask(instance) : null, rows.GetBoolean(6), Text(rows, 7),
                rows.GetFieldValue<int?>(8), Text(rows, 9), rows.GetInt32(10)));
        return events;
    }

    private static string? Text(NpgsqlDataReader rows, int column) => rows.IsDBNull(column) ? null : rows.GetString(column);
}
