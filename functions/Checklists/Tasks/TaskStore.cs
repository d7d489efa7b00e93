using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Checklists;

/// <summary>The tasks' rows, which are the truth.</summary>
internal sealed class TaskStore(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns =
        "id, key, system, row, checklist, period, title, title_pt, state, level, needs_approver, opened_at, due_at, postponed_until, evidence::text, note, closed_by, closed_at";

    /// <summary>False: the key is there already, and nothing changes.</summary>
    public async Task<bool> AddAsync(NewTask task, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var asks = task.Settled is null;
        await using var command = Command(
            """
            INSERT INTO whatsops.tasks (id, key, system, row, checklist, period, title, title_pt, state, level, needs_approver, opened_at, due_at, allowed, remind_at, escalate_at,
              evidence, closed_by, closed_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $18, $14, CASE WHEN $17 IS NULL THEN $13 END, $15, $16, $17) ON CONFLICT (key) DO NOTHING
            """,
            Guid.CreateVersion7(now), task.Key, task.System, task.Row, task.Checklist, task.Period, task.Title, task.TitlePt, Name(task.Settled ?? TaskState.Open), (short)task.Level,
            task.NeedsApprover, now, now + task.Due, Time(asks ? now + task.Due / 2 : null),
            new NpgsqlParameter { Value = JsonSerializer.Serialize(task.Evidence, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb },
            Text(asks ? null : "policy"), Time(asks ? null : now), task.Due);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Newest first.</summary>
    /// <param name="state">Null: any.</param>
    public async Task<IReadOnlyList<HumanTask>> ListAsync(string? system, TaskState? state, int limit, CancellationToken cancellation)
    {
        await using var command = Command(
            $"SELECT {Columns} FROM whatsops.tasks WHERE ($1 IS NULL OR system = $1) AND ($2 IS NULL OR state = $2) ORDER BY opened_at DESC, key LIMIT $3",
            Text(system), Text(state is { } wanted ? Name(wanted) : null), limit);
        return await ReadAsync(command, cancellation);
    }

    public async Task<HumanTask?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = Command($"SELECT {Columns} FROM whatsops.tasks WHERE id = $1", id);
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>Null: it is settled already.</summary>
    public async Task<HumanTask?> SettleAsync(Guid id, TaskState state, string by, string? note, DateTimeOffset? until, CancellationToken cancellation)
    {
        var waits = state == TaskState.Postponed;
        await using var command = Command(
            $"""
            UPDATE whatsops.tasks SET state = $2, note = coalesce($3, note), postponed_until = $4, closed_by = $5, closed_at = $6,
                   remind_at = NULL, escalate_at = NULL
             WHERE id = $1 AND closed_at IS NULL RETURNING {Columns}
            """,
            id, Name(state), Text(note), Time(waits ? until : null), Text(waits ? null : by), Time(waits ? null : time.GetUtcNow()));
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>The unfinished earlier items of a row are missed.</summary>
    public async Task<int> SupersedeAsync(string system, string row, string period, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            UPDATE whatsops.tasks SET state = 'missed', postponed_until = NULL, closed_by = 'policy', closed_at = $4, remind_at = NULL, escalate_at = NULL
             WHERE system = $1 AND row = $2 AND period < $3 AND closed_at IS NULL
            """,
            system, row, period, time.GetUtcNow());
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Postponed ones whose time has come are open again, with as long to do as they had.</summary>
    public async Task ReopenAsync(string system, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            UPDATE whatsops.tasks SET state = 'open', due_at = $2 + allowed, escalate_at = $2 + allowed, remind_at = NULL, postponed_until = NULL
             WHERE system = $1 AND state = 'postponed' AND postponed_until <= $2
            """,
            system, time.GetUtcNow());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The ones of whose half time has passed, once each.</summary>
    public async Task<IReadOnlyList<HumanTask>> RemindAsync(string system, CancellationToken cancellation)
    {
        await using var command = Command(
            $"UPDATE whatsops.tasks SET remind_at = NULL WHERE system = $1 AND state = 'open' AND remind_at <= $2 RETURNING {Columns}", system, time.GetUtcNow());
        return await ReadAsync(command, cancellation);
    }

    /// <summary>Overdue ones go a level up, once per time that they may take; all overdue ones, the longest first.</summary>
    public async Task<IReadOnlyList<HumanTask>> EscalateAsync(string system, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            UPDATE whatsops.tasks SET level = least(level + 1, 3), escalate_at = $2 + allowed WHERE system = $1 AND state = 'open' AND escalate_at <= $2
            """)
            { Parameters = { new() { Value = system }, Time(time.GetUtcNow()) } });
        batch.BatchCommands.Add(new($"SELECT {Columns} FROM whatsops.tasks WHERE system = $1 AND state = 'open' AND due_at <= $2 ORDER BY due_at, key")
            { Parameters = { new() { Value = system }, Time(time.GetUtcNow()) } });
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        return await ReadAsync(row, cancellation);
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value switch { NpgsqlParameter parameter => parameter, DateTimeOffset at => Time(at), _ => new() { Value = value } });
        return command;
    }

    private static async Task<IReadOnlyList<HumanTask>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await ReadAsync(row, cancellation);
    }

    private static async Task<IReadOnlyList<HumanTask>> ReadAsync(NpgsqlDataReader row, CancellationToken cancellation)
    {
        var tasks = new List<HumanTask>();
        while (await row.ReadAsync(cancellation))
            tasks.Add(new(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7),
                JsonSerializer.Deserialize<TaskState>($"\"{row.GetString(8)}\"", JsonSerializerOptions.Web), row.GetInt16(9), row.GetBoolean(10),
                row.GetFieldValue<DateTimeOffset>(11), row.GetFieldValue<DateTimeOffset>(12), At(row, 13),
                JsonSerializer.Deserialize<List<TaskEvidence>>(row.GetString(14), JsonSerializerOptions.Web)!, row.IsDBNull(15) ? null : row.GetString(15),
                row.IsDBNull(16) ? null : row.GetString(16), At(row, 17)));
        return tasks;
    }

    private static string Name(TaskState state) => JsonSerializer.Serialize(state, JsonSerializerOptions.Web).Trim('"');

    private static DateTimeOffset? At(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
