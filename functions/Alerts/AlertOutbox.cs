using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using static WhatsOps.Database.SqlParameters;

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

    /// <summary>Writes down what came of an attempt: at the message, at the route, and in the history of the findings that the message tells about.</summary>
    /// <param name="error">Null: delivered.</param>
    /// <param name="isDead">No further attempt.</param>
    public async Task AttemptedAsync(string route, Waiting message, string? error, bool isDead, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            UPDATE whatsops.alert_outbox
            SET attempts = attempts + 1, last_error = $2, sent_at = CASE WHEN $2::text IS NULL THEN $4 END, dead_at = CASE WHEN $3 THEN $4 END
            WHERE id = $1
            """)
        { Parameters = { new() { Value = message.Id }, Text(error), new() { Value = isDead }, Time(now) } });
        batch.BatchCommands.Add(error is null
            ? new("UPDATE whatsops.alert_routes SET failures = 0, failing_since = NULL, given_up = 0, last_error = NULL WHERE route = $1") { Parameters = { Text(route) } }
            : new(
                """
                UPDATE whatsops.alert_routes
                SET failures = failures + 1, failing_since = coalesce(failing_since, $3), last_error = $2, given_up = given_up + CASE WHEN $4 THEN 1 ELSE 0 END
                WHERE route = $1
                """)
            { Parameters = { Text(route), Text(error), Time(now), new() { Value = isDead } } });
        if (error is null || isDead)
            batch.BatchCommands.Add(new(
                """
                INSERT INTO whatsops.finding_changes (finding_id, system, at, change, severity, reason, consumed_at)
                SELECT f.id, f.system, $3, $4, t.severity, t.reason, $3
                FROM unnest($1::bigint[], $2::smallint[], $5::text[]) AS t(id, severity, reason) JOIN whatsops.findings f ON f.id = t.id
                """)
            {
                Parameters =
                {
                    new() { Value = message.Message.Findings.Select(finding => finding.Id).ToArray() },
                    new() { Value = message.Message.Findings.Select(finding => (short)finding.Severity).ToArray() },
                    Time(now),
                    Text(error is null ? "told" : "not_told"),
                    new() { Value = message.Message.Findings.Select(finding => Who(route, finding, error)).ToArray() },
                },
            });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Sent and dead messages are kept a while for questions, then go.</summary>
    public async Task TrimAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("DELETE FROM whatsops.alert_outbox WHERE created_at < $1 AND (sent_at IS NOT NULL OR dead_at IS NOT NULL)");
        command.Parameters.Add(Time(before));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string Who(string route, AlertedFinding finding, string? error) =>
        $"{route}{(finding.Level is { } level ? $" ({level})" : "")}{(error is null ? "" : $": {error}, given up")}";

    private static void Add(NpgsqlCommand command, params NpgsqlParameter[] parameters) => command.Parameters.AddRange(parameters);

    private static NpgsqlParameter Text(string? value) => new() { Value = value is null ? DBNull.Value : value, NpgsqlDbType = NpgsqlDbType.Text };
}
