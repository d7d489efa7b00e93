using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Alerts;

/// <summary>Messages that wait, and the lease of each route.</summary>
internal sealed class AlertOutbox(NpgsqlDataSource database)
{
    public sealed record Waiting(Guid Id, AlertMessage Message, int Attempts);

    public async Task<IReadOnlyList<string>> RoutesWaitingAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT DISTINCT route FROM whatsops.alert_outbox WHERE sent_at IS NULL AND dead_at IS NULL ORDER BY 1");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var routes = new List<string>();
        while (await row.ReadAsync(cancellation)) routes.Add(row.GetString(0));
        return routes;
    }

    /// <summary>When this owner may send next on the route; null: another process sends on it.</summary>
    public async Task<DateTimeOffset?> LeaseAsync(string route, Guid owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO whatsops.alert_routes AS r (route, owner, leased_until, next_send_at) VALUES ($1, $2, $4, $3)
            ON CONFLICT (route) DO UPDATE SET owner = $2, leased_until = $4 WHERE r.owner IS NULL OR r.owner = $2 OR r.leased_until <= $3
            RETURNING next_send_at
            """);
        Add(command, new() { Value = route }, new() { Value = owner }, Time(now), Time(until));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? row.GetFieldValue<DateTimeOffset>(0) : null;
    }

    public async Task ReleaseAsync(string route, Guid owner, DateTimeOffset nextSend, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("UPDATE whatsops.alert_routes SET owner = NULL, next_send_at = $3 WHERE route = $1 AND owner = $2");
        Add(command, new() { Value = route }, new() { Value = owner }, Time(nextSend));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The oldest message of the route; null: none waits.</summary>
    public async Task<Waiting?> NextAsync(string route, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT id, message, attempts FROM whatsops.alert_outbox WHERE route = $1 AND sent_at IS NULL AND dead_at IS NULL ORDER BY position LIMIT 1");
        command.Parameters.Add(new() { Value = route });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new Waiting(row.GetGuid(0), JsonSerializer.Deserialize<AlertMessage>(row.GetString(1), JsonSerializerOptions.Web)!, row.GetInt32(2))
            : null;
    }

    /// <param name="error">Null: delivered.</param>
    /// <param name="isDead">No further attempt.</param>
    public async Task AttemptedAsync(Guid id, string? error, bool isDead, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE whatsops.alert_outbox
            SET attempts = attempts + 1, last_error = $2, sent_at = CASE WHEN $2::text IS NULL THEN $4 END, dead_at = CASE WHEN $3 THEN $4 END
            WHERE id = $1
            """);
        Add(command, new() { Value = id }, new() { Value = error is null ? DBNull.Value : error, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = isDead }, Time(now));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Sent and dead messages are kept a while for questions, then go.</summary>
    public async Task TrimAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("DELETE FROM whatsops.alert_outbox WHERE created_at < $1 AND (sent_at IS NOT NULL OR dead_at IS NOT NULL)");
        command.Parameters.Add(Time(before));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void Add(NpgsqlCommand command, params NpgsqlParameter[] parameters) => command.Parameters.AddRange(parameters);

    private static NpgsqlParameter Time(DateTimeOffset value) => new() { Value = value.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
