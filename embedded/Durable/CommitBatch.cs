using Microsoft.DurableTask.Client;
using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Embedded.Durable;

/// <summary>The statements of one commit: each a multi-row unnest, all in one round trip and one transaction.</summary>
internal sealed class CommitBatch
{
    private const string StartSql = """
        INSERT INTO durable.instances AS i
          (instance_id, generation, name, version, status, input, tags, refused_statuses,
           parent_id, parent_name, parent_generation, parent_task, created_at, started_at, updated_at)
        SELECT id, 0, name, version, 'Pending', input, tags, refused, p_id, p_name, p_generation, p_task, created, started, created
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
          AS s(id, name, version, input, tags, refused, p_id, p_name, p_generation, p_task, created, started)
        ON CONFLICT (instance_id) DO UPDATE SET
          generation = i.generation + 1, name = excluded.name, version = excluded.version, status = 'Pending', input = excluded.input,
          output = NULL, custom_status = NULL, failure = NULL, tags = excluded.tags, refused_statuses = excluded.refused_statuses,
          parent_id = excluded.parent_id, parent_name = excluded.parent_name, parent_generation = excluded.parent_generation,
          parent_task = excluded.parent_task, created_at = excluded.created_at, started_at = excluded.started_at,
          updated_at = excluded.updated_at
        WHERE i.status IN ('Completed', 'Failed', 'Terminated')
          AND i.status <> ALL (string_to_array(coalesce(excluded.refused_statuses, ''), ','))
        RETURNING instance_id, generation
        """;

    private const string UpdateSql = """
        UPDATE durable.instances i SET
          generation = u.generation, status = u.status, input = CASE WHEN u.sets_input THEN u.input ELSE i.input END,
          output = u.output, failure = u.failure, custom_status = u.custom_status, started_at = u.started, updated_at = u.updated
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
          AS u(id, generation, status, sets_input, input, output, failure, custom_status, started, updated)
        WHERE i.instance_id = u.id
        """;

    private const string HistorySql = """
        INSERT INTO durable.history (instance_id, generation, seq, kind, at, task, name, target, payload)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string TrimSql = """
        DELETE FROM durable.history h USING unnest($1, $2) AS t(id, generation) WHERE h.instance_id = t.id AND h.generation < t.generation
        """;

    private const string CommandSql = """
        INSERT INTO durable.commands (kind, instance_id, name, payload) SELECT * FROM unnest($1, $2, $3, $4)
        """;

    private readonly List<InstanceStart> starts = [];
    private readonly Dictionary<string, InstanceUpdate> updates = [];
    private readonly List<(Orchestration Instance, int Generation, HistoryEvent Event)> history = [];
    private readonly List<(string InstanceId, int Generation)> trims = [];
    private readonly List<DurableCommand> commands = [];
    private readonly List<long> obeyed = [];
    private bool announce;

    public void Add(CommitUnit unit)
    {
        if (unit.Starts is { } started) starts.AddRange(started);
        if (unit.History is { } rows) history.AddRange(rows);
        if (unit.Commands is { } asked) commands.AddRange(asked);
        if (unit.Trim is { } trim) trims.Add(trim);
        if (unit.ObeyedCommand is { } id) obeyed.Add(id);
        foreach (var update in unit.Updates ?? [])
            updates[update.InstanceId] = updates.TryGetValue(update.InstanceId, out var earlier) ? earlier.Then(update) : update;
        announce |= unit.Announce;
    }

    /// <summary>Commits everything and returns the generation of every accepted start. A null epoch is a client that owns nothing.</summary>
    public async Task<Dictionary<string, int>> CommitAsync(NpgsqlConnection connection, long? epoch, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (epoch is { } expected) Add(batch, "SELECT durable.fence($1)", Value(expected));
        if (starts.Count > 0) AddStarts(batch);
        if (updates.Count > 0) AddUpdates(batch);
        if (history.Count > 0) AddHistory(batch);
        if (trims.Count > 0) Add(batch, TrimSql, Texts(trims, t => t.InstanceId), Numbers(trims, t => t.Generation));
        if (commands.Count > 0)
            Add(batch, CommandSql, Texts(commands, c => c.Kind.ToString()), Texts(commands, c => c.InstanceId),
                Texts(commands, c => c.Name), Texts(commands, c => c.Payload));
        if (obeyed.Count > 0) Add(batch, "DELETE FROM durable.commands WHERE id = ANY ($1)", Value(obeyed.ToArray()));
        // A client in another process must wake the owner; the owner wakes clients elsewhere. Notifications reach listeners at commit.
        if (epoch is null) Add(batch, $"SELECT pg_notify('{EngineListener.CommandChannel}', '')");
        else if (announce) Add(batch, $"SELECT pg_notify('{EngineListener.ChangeChannel}', '')");

        var accepted = new Dictionary<string, int>();
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        do
        {
            while (reader.FieldCount == 2 && await reader.ReadAsync(cancellation))
                accepted[reader.GetString(0)] = reader.GetInt32(1);
        }
        while (await reader.NextResultAsync(cancellation));
        return accepted;
    }

    private void AddStarts(NpgsqlBatch batch) => Add(batch, StartSql,
        Texts(starts, s => s.Record.InstanceId),
        Texts(starts, s => s.Record.Name),
        Texts(starts, s => s.Record.Version),
        Texts(starts, s => s.Record.Input),
        Texts(starts, s => s.Record.Tags),
        Texts(starts, s => s.RefusedStatuses),
        Texts(starts, s => s.Record.Parent?.InstanceId),
        Texts(starts, s => s.Record.Parent?.Name),
        Value(starts.Select(s => s.Record.Parent?.Generation).ToArray()),
        Value(starts.Select(s => s.Record.Parent?.Task).ToArray()),
        Times(starts, s => s.Record.CreatedAt),
        Times(starts, s => s.Record.StartedAt));

    private void AddUpdates(NpgsqlBatch batch)
    {
        var rows = updates.Values.ToList();
        Add(batch, UpdateSql,
            Texts(rows, u => u.InstanceId),
            Numbers(rows, u => u.Generation),
            Texts(rows, u => u.Status.ToString()),
            Value(rows.Select(u => u.SetsInput).ToArray()),
            Texts(rows, u => u.SetsInput ? u.Input : null),
            Texts(rows, u => u.Output),
            Texts(rows, u => u.Failure),
            Texts(rows, u => u.CustomStatus),
            Times(rows, u => u.StartedAt),
            Times(rows, u => u.UpdatedAt));
    }

    private void AddHistory(NpgsqlBatch batch) => Add(batch, HistorySql,
        Texts(history, h => h.Instance.InstanceId),
        Numbers(history, h => h.Generation),
        Numbers(history, h => h.Event.Seq),
        Texts(history, h => h.Event.Kind.ToString()),
        Times(history, h => h.Event.At),
        Numbers(history, h => h.Event.Task),
        Texts(history, h => h.Event.Name),
        Texts(history, h => h.Event.Target),
        Texts(history, h => h.Event.Payload));

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    private static NpgsqlParameter Texts<T>(List<T> rows, Func<T, string?> column) =>
        Column(rows, row => StorableText.Clean(column(row)), NpgsqlDbType.Text);

    private static NpgsqlParameter Numbers<T>(List<T> rows, Func<T, int> column) => Column(rows, column, NpgsqlDbType.Integer);

    private static NpgsqlParameter Times<T>(List<T> rows, Func<T, DateTime> column) => Column(rows, column, NpgsqlDbType.TimestampTz);

    private static NpgsqlParameter<TColumn[]> Column<T, TColumn>(List<T> rows, Func<T, TColumn> column, NpgsqlDbType type)
    {
        var values = new TColumn[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = column(rows[i]);
        return new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
