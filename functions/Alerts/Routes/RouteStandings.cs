using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Alerts;

/// <summary>SQL of the routes' health and of the way to their fallbacks.</summary>
internal sealed class RouteStandings(NpgsqlDataSource database)
{
    private const int MessagesAtOnce = 200;

    /// <summary>The routes that fail, and those whose finding is still open.</summary>
    public async Task<IReadOnlyList<RouteStanding>> TroubledAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT r.route, r.failures, r.failing_since, r.given_up, r.last_error, r.dead_since,
              (SELECT count(*)::int FROM whatsops.alert_outbox o WHERE o.route = r.route AND o.sent_at IS NULL AND o.dead_at IS NULL)
            FROM whatsops.alert_routes r WHERE r.failing_since IS NOT NULL OR r.dead_since IS NOT NULL ORDER BY 1
            """);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var standings = new List<RouteStanding>();
        while (await row.ReadAsync(cancellation))
            standings.Add(new(
                row.GetString(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2), row.GetInt32(3),
                row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5), row.GetInt32(6)));
        return standings;
    }

    public async Task DeadSinceAsync(string route, DateTimeOffset? since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("UPDATE whatsops.alert_routes SET dead_since = $2 WHERE route = $1");
        command.Parameters.Add(new() { Value = route });
        command.Parameters.Add(new() { Value = since is { } time ? time.ToUniversalTime() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A route that the fleet has no more cannot be dead.</summary>
    public async Task ForgetAsync(string route, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "UPDATE whatsops.alert_routes SET failures = 0, failing_since = NULL, given_up = 0, last_error = NULL WHERE route = $1");
        command.Parameters.Add(new() { Value = route });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Copies the waiting messages of a route to its fallback, each once. How many.</summary>
    /// <param name="rewrite">The message as the fallback gets it.</param>
    public async Task<int> FallBackAsync(string route, string fallback, Func<AlertMessage, AlertMessage> rewrite, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var waiting = await TakeAsync(connection, route, now, cancellation);
        var store = new AlertStore(connection);
        foreach (var (system, message) in waiting) await store.EnqueueAsync(Guid.CreateVersion7(now), fallback, system, rewrite(message), now, cancellation);
        await transaction.CommitAsync(cancellation);
        return waiting.Count;
    }

    private static async Task<List<(string System, AlertMessage Message)>> TakeAsync(NpgsqlConnection connection, string route, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH stuck AS (
              SELECT id FROM whatsops.alert_outbox
              WHERE route = $1 AND sent_at IS NULL AND dead_at IS NULL AND fell_back_at IS NULL ORDER BY position LIMIT $3 FOR UPDATE SKIP LOCKED),
            marked AS (
              UPDATE whatsops.alert_outbox o SET fell_back_at = $2 FROM stuck s WHERE o.id = s.id RETURNING o.position, o.system, o.message)
            SELECT system, message FROM marked ORDER BY position
            """,
            connection);
        command.Parameters.Add(new() { Value = route });
        command.Parameters.Add(new() { Value = now.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = MessagesAtOnce });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var taken = new List<(string, AlertMessage)>();
        while (await row.ReadAsync(cancellation)) taken.Add((row.GetString(0), JsonSerializer.Deserialize<AlertMessage>(row.GetString(1), JsonSerializerOptions.Web)!));
        return taken;
    }
}
