using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Database;

namespace WhatsOps.Runbooks;

/// <summary>Reads runs and their steps, and makes new ones.</summary>
public sealed class RunStore(NpgsqlDataSource database)
{
    private const string Columns = """
        id, state, plan::text, plan_hash, reason, requested_by, finding_id, fingerprint, detail, current_step, created_at, approval_due, approved_by, approved_at,
        cancel_by, cancel_at, committed_at, started_at, progressed_at, ended_at, failed_step, failure, result, fence, evidence, trace
        """;

    /// <summary>Inserts a run; false when its instance already has an open one.</summary>
    public static async Task<bool> InsertAsync(Run run, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO whatsops.runs (id, system, tenant, instance, gateway, runbook, version, plan, plan_hash, destructive, reason, requested_by, finding_id,
                fingerprint, state, created_at, approval_due, approved_by, approved_at, progressed_at, trace)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $16, $20)
            ON CONFLICT (system, instance) WHERE ended_at IS NULL DO NOTHING
            """, connection);
        var target = run.Target;
        foreach (var value in (object?[])[run.Id, target.System, target.Tenant, target.Instance, target.Gateway, run.Plan.Runbook, run.Plan.Version])
            command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(run.Plan, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb });
        foreach (var value in (object?[])[run.PlanHash, run.Plan.Destructive, run.Reason, run.RequestedBy])
            command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(new() { Value = run.FindingId ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        Text(command, run.Fingerprint);
        Text(command, SnakeName<RunState>.Of(run.State));
        Time(command, run.CreatedAt);
        Time(command, run.ApprovalDue);
        Text(command, run.ApprovedBy);
        Time(command, run.ApprovedAt);
        Text(command, run.Trace);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    public async Task<Run?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM whatsops.runs WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>The open run of an instance.</summary>
    public async Task<Run?> OpenForAsync(string system, string instance, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM whatsops.runs WHERE system = $1 AND instance = $2 AND ended_at IS NULL");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = instance });
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    public async Task<IReadOnlyList<Run>> ListAsync(RunQuery query, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns} FROM whatsops.runs
            WHERE ($1 IS NULL OR system = $1) AND ($2 IS NULL OR tenant = $2) AND ($3 IS NULL OR runbook = $3) AND ($4 IS NULL OR state = $4)
                AND (NOT $5 OR ended_at IS NULL) AND ($7 IS NULL OR ended_at >= $7) AND ($8 IS NULL OR instance = $8)
            ORDER BY created_at DESC, id DESC LIMIT $6
            """);
        Text(command, query.System);
        Text(command, query.Tenant);
        Text(command, query.Runbook);
        Text(command, query.State is { } state ? SnakeName<RunState>.Of(state) : null);
        command.Parameters.Add(new() { Value = query.OpenOnly });
        command.Parameters.Add(new() { Value = query.Limit });
        Time(command, query.EndedSince?.ToUniversalTime());
        Text(command, query.Instance);
        return await ReadAsync(command, cancellation);
    }

    /// <summary>What was tried for a fingerprint, or acted on the instance, since a time.</summary>
    public async Task<RecentAttempts> RecentAsync(string fingerprint, string system, string instance, DateTimeOffset since, CancellationToken cancellation)
    {
        // A reset that nobody scans turns one kind of finding into another (missing, QR churn, stuck): each would reset it again.
        await using var command = database.CreateCommand(
            """
            SELECT count(*)::int, max(coalesce(ended_at, created_at)), coalesce((array_agg(destructive ORDER BY coalesce(ended_at, created_at) DESC))[1], false)
            FROM whatsops.runs WHERE created_at > $4 AND (fingerprint = $1 OR (system = $2 AND instance = $3 AND started_at IS NOT NULL))
            """);
        command.Parameters.Add(new() { Value = fingerprint });
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = instance });
        command.Parameters.Add(new() { Value = since });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(row.GetInt32(0), At(row, 1), row.GetBoolean(2));
    }

    /// <summary>Every step that has begun, in the order of beginning.</summary>
    public async Task<IReadOnlyList<StepRow>> StepsAsync(Guid runId, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT step, phase, status, attempts, failures, first_at, began_at, ended_at, due_at, detail, facts::text, result, answer, answered_by
            FROM whatsops.run_steps WHERE run_id = $1 ORDER BY first_at, ended_at NULLS LAST
            """);
        command.Parameters.Add(new() { Value = runId });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var steps = new List<StepRow>();
        while (await row.ReadAsync(cancellation))
            steps.Add(new(
                row.GetString(0),
                SnakeName<Phase>.Parse(row.GetString(1)),
                SnakeName<StepStatus>.Parse(row.GetString(2)),
                row.GetInt32(3),
                row.GetInt32(4),
                row.GetFieldValue<DateTimeOffset>(5),
                row.GetFieldValue<DateTimeOffset>(6),
                At(row, 7),
                At(row, 8),
                String(row, 9),
                JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(10))!,
                row.GetFieldValue<string[]>(11),
                String(row, 12),
                String(row, 13)));
        return steps;
    }

    private static async Task<IReadOnlyList<Run>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var runs = new List<Run>();
        while (await row.ReadAsync(cancellation))
            runs.Add(new(
                row.GetGuid(0),
                SnakeName<RunState>.Parse(row.GetString(1)),
                JsonSerializer.Deserialize<Plan>(row.GetString(2), JsonSerializerOptions.Web)!,
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                row.IsDBNull(6) ? null : row.GetInt64(6),
                String(row, 7),
                String(row, 8),
                String(row, 9),
                row.GetFieldValue<DateTimeOffset>(10),
                At(row, 11),
                String(row, 12),
                At(row, 13),
                String(row, 14),
                At(row, 15),
                At(row, 16),
                At(row, 17),
                row.GetFieldValue<DateTimeOffset>(18),
                At(row, 19),
                String(row, 20),
                String(row, 21),
                String(row, 22) is { } result ? SnakeName<RunState>.Parse(result) : null,
                row.IsDBNull(23) ? null : row.GetInt64(23),
                String(row, 24)) { Trace = String(row, 25) });
        return runs;
    }

    private static string? String(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? At(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    private static void Text(NpgsqlCommand command, string? value) =>
        command.Parameters.Add(new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });

    private static void Time(NpgsqlCommand command, DateTimeOffset? value) =>
        command.Parameters.Add(new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
}
