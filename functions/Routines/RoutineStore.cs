using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Routines;

/// <summary>The clocks and the records of routines, and the lease that lets one process at a time carry one out.</summary>
internal sealed class RoutineStore(NpgsqlDataSource database)
{
    private const int KeepDays = 90;
    private const string Columns = "id, system, routine, due_at, requested_by, started_at, ended_at, outcome, summary";

    /// <summary>The state; a routine seen for the first time is due from now on, not since ever.</summary>
    public async Task<RoutineState> StateAsync(string system, string routine, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            WITH made AS (INSERT INTO whatsops.routine_states (system, routine, last_due) VALUES ($1, $2, $3)
              ON CONFLICT DO NOTHING RETURNING last_due, attempts, retry_at, leased_until)
            SELECT * FROM made UNION ALL
            SELECT last_due, attempts, retry_at, leased_until FROM whatsops.routine_states WHERE system = $1 AND routine = $2 LIMIT 1
            """);
        Add(command, Text(system), Text(routine), Time(now));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        // Two processes that make it at once: the loser's statement sees neither row, and the winner's has the same time.
        return await row.ReadAsync(cancellation) ? new(row.GetFieldValue<DateTimeOffset>(0), row.GetInt32(1), At(row, 2), At(row, 3)) : new(now, 0, null, null);
    }

    /// <summary>True when the routine is the owner's until <paramref name="until"/>; false while another has it, or once <paramref name="due"/> is settled.</summary>
    public async Task<bool> TryLeaseAsync(
        string system, string routine, Guid owner, DateTimeOffset? due, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO whatsops.routine_states AS s (system, routine, last_due, owner, leased_until) VALUES ($1, $2, $4, $3, $5)
            ON CONFLICT (system, routine) DO UPDATE SET owner = $3, leased_until = $5
            WHERE (s.owner IS NULL OR s.leased_until <= $4) AND ($6 IS NULL OR s.last_due < $6)
            RETURNING 1
            """);
        Add(command, Text(system), Text(routine), new() { Value = owner }, Time(now), Time(until), Time(due));
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>Gives the lease back; a due time settles the clock, otherwise the attempt counts and is repeated at <paramref name="retryAt"/>.</summary>
    public async Task ReleaseAsync(string system, string routine, Guid owner, DateTimeOffset? settled, DateTimeOffset? retryAt, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE whatsops.routine_states SET owner = NULL, leased_until = NULL, last_due = greatest(last_due, coalesce($4, last_due)), retry_at = $5,
              attempts = CASE WHEN $5::timestamptz IS NULL THEN 0 ELSE attempts + 1 END
            WHERE system = $1 AND routine = $2 AND owner = $3
            """);
        Add(command, Text(system), Text(routine), new() { Value = owner }, Time(settled), Time(retryAt));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task SaveAsync(RoutineRun run, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new($"INSERT INTO whatsops.routine_runs ({Columns}, report) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
        {
            Parameters =
            {
                new() { Value = run.Id }, Text(run.System), Text(run.Routine), Time(run.DueAt), Text(run.RequestedBy), Time(run.StartedAt), Time(run.EndedAt),
                Text(run.Outcome), Text(run.Summary),
                new() { Value = run.Report?.ToJsonString() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        });
        batch.BatchCommands.Add(new("DELETE FROM whatsops.routine_runs WHERE started_at < $1") { Parameters = { Time(run.StartedAt.AddDays(-KeepDays)) } });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs without their reports, newest first.</summary>
    public async Task<IReadOnlyList<RoutineRun>> ListAsync(string? system, string? routine, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns}, NULL FROM whatsops.routine_runs WHERE ($1 IS NULL OR system = $1) AND ($2 IS NULL OR routine = $2) ORDER BY started_at DESC LIMIT $3");
        Add(command, Text(system), Text(routine), new() { Value = limit });
        return await ReadAsync(command, cancellation);
    }

    /// <summary>The newest run without its report; null: there was none.</summary>
    public async Task<RoutineRun?> LastAsync(string system, string routine, CancellationToken cancellation) =>
        await ListAsync(system, routine, 1, cancellation) is [var last] ? last : null;

    public async Task<RoutineRun?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Columns}, report::text FROM whatsops.routine_runs WHERE id = $1");
        Add(command, new NpgsqlParameter { Value = id });
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>Status and detail of every row that the kept reports of an audit have, each once.</summary>
    public async Task<IReadOnlyList<(string Status, string Detail)>> RowsAsync(string system, string routine, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT DISTINCT one ->> 'status', one ->> 'detail' FROM whatsops.routine_runs AS run
            CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(run.report -> 'rows') WHEN 'array' THEN run.report -> 'rows' ELSE '[]' END) AS one
            WHERE run.system = $1 AND run.routine = $2 AND one ->> 'status' IS NOT NULL AND one ->> 'detail' IS NOT NULL
            """);
        Add(command, Text(system), Text(routine));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<(string, string)>();
        while (await row.ReadAsync(cancellation)) rows.Add((row.GetString(0), row.GetString(1)));
        return rows;
    }

    private static async Task<IReadOnlyList<RoutineRun>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var runs = new List<RoutineRun>();
        while (await row.ReadAsync(cancellation))
            runs.Add(new(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6), row.GetString(7), row.GetString(8),
                row.IsDBNull(9) ? null : JsonNode.Parse(row.GetString(9))));
        return runs;
    }

    /// <summary>A report as it is kept: members in camel case, enums by name.</summary>
    internal static JsonNode? Json(object? report) => report is null ? null : JsonSerializer.SerializeToNode(report, JsonSerializerOptions.Web);

    private static DateTimeOffset? At(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static void Add(NpgsqlCommand command, params NpgsqlParameter[] parameters) => command.Parameters.AddRange(parameters);

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
