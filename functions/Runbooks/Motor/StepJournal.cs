using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Database;

namespace WhatsOps.Runbooks;

/// <summary>Writes what happens to the steps of a run: one row per step and phase, one more per attempt, and the run's own progress, in one transaction.</summary>
public sealed class StepJournal(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Marks an attempt as begun: from here on nobody knows, until recorded, whether it acted.</summary>
    public async Task<StepRow> BeginAsync(Run run, StepCall call, TimeSpan? due, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            """
            INSERT INTO whatsops.run_steps (run_id, step, phase, status, attempts, first_at, began_at, due_at) VALUES ($1, $2, $3, 'running', 1, $4, $4, $5)
            ON CONFLICT (run_id, step, phase) DO UPDATE SET status = 'running', attempts = run_steps.attempts + 1, began_at = $4
            RETURNING attempts, failures, first_at, due_at, answer, answered_by
            """,
            run.Id, call.Step, SnakeName<Phase>.Of(call.Phase), now, Nullable(now + due, NpgsqlDbType.TimestampTz)));
        batch.BatchCommands.Add(Command("UPDATE whatsops.runs SET current_step = $2 WHERE id = $1", run.Id, call.Step));
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(
            call.Step, call.Phase, StepStatus.Running, row.GetInt32(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2), now, null,
            row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3), null, new Dictionary<string, string>(), [],
            row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : row.GetString(5));
    }

    /// <summary>Records what came of an attempt.</summary>
    /// <param name="state">The run's state from now on.</param>
    /// <param name="result">The run will end with this instead of completed; null keeps what is there.</param>
    public async Task RecordAsync(
        Run run, StepRow attempt, StepStatus status, StepResult outcome, RunState state, RunState? result, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var phase = SnakeName<Phase>.Of(attempt.Phase);
        var ended = status is StepStatus.Waiting ? null : (DateTimeOffset?)now;
        // Only the way forward fails the run; a compensation that fails is counted at the end.
        var failed = status == StepStatus.Failed && attempt.Phase != Phase.Compensate;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            """
            UPDATE whatsops.run_steps SET status = $4, failures = $5, ended_at = $6, detail = $7, facts = $8, result = $9
            WHERE run_id = $1 AND step = $2 AND phase = $3
            """,
            run.Id, attempt.Step, phase, SnakeName<StepStatus>.Of(status), attempt.Failures + (outcome.Outcome is StepOutcome.Retry or StepOutcome.Failed ? 1 : 0),
            Nullable(ended, NpgsqlDbType.TimestampTz), outcome.Detail, Json(outcome.Facts), outcome.Values.ToArray()));
        batch.BatchCommands.Add(Command(
            "INSERT INTO whatsops.run_attempts (run_id, step, phase, attempt, began_at, ended_at, outcome, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            run.Id, attempt.Step, phase, attempt.Attempts, attempt.BeganAt, now, SnakeName<StepStatus>.Of(status), outcome.Detail));
        batch.BatchCommands.Add(Command(
            """
            UPDATE whatsops.runs SET state = $2, detail = $3, progressed_at = $4, result = coalesce($5, result),
                failed_step = CASE WHEN $6 THEN coalesce(failed_step, $7) ELSE failed_step END, failure = CASE WHEN $6 THEN coalesce(failure, $3) ELSE failure END
            WHERE id = $1 AND ended_at IS NULL
            """,
            run.Id, SnakeName<RunState>.Of(state), outcome.Detail, now,
            Nullable(result is { } value ? SnakeName<RunState>.Of(value) : null, NpgsqlDbType.Text), failed, attempt.Step));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Passes the point of no return, unless somebody has cancelled before: one row decides the race.</summary>
    public async Task<bool> CommitAsync(Run run, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "UPDATE whatsops.runs SET committed_at = coalesce(committed_at, $2) WHERE id = $1 AND (cancel_at IS NULL OR committed_at IS NOT NULL)");
        command.Parameters.Add(new() { Value = run.Id });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Shows a state without an attempt (paused, waiting for its turn).</summary>
    public async Task ShowAsync(Run run, RunState state, string detail, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("UPDATE whatsops.runs SET state = $2, detail = $3, progressed_at = $4 WHERE id = $1 AND ended_at IS NULL");
        command.Parameters.Add(new() { Value = run.Id });
        command.Parameters.Add(new() { Value = SnakeName<RunState>.Of(state) });
        command.Parameters.Add(new() { Value = detail });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The run has begun under its lock.</summary>
    public async Task StartedAsync(Run run, long fence, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "UPDATE whatsops.runs SET started_at = coalesce(started_at, $2), fence = $3 WHERE id = $1 AND ended_at IS NULL");
        command.Parameters.Add(new() { Value = run.Id });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(new() { Value = fence });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Ends the run and frees its lock, both or neither.</summary>
    public async Task EndAsync(Run run, RunState state, string? detail, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            "UPDATE whatsops.runs SET state = $2, detail = coalesce($3, detail), ended_at = $4, progressed_at = $4, current_step = NULL WHERE id = $1 AND ended_at IS NULL",
            run.Id, SnakeName<RunState>.Of(state), Nullable(detail, NpgsqlDbType.Text), time.GetUtcNow()));
        batch.BatchCommands.Add(Command("DELETE FROM whatsops.run_locks WHERE run_id = $1", run.Id));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static NpgsqlParameter Json(IReadOnlyDictionary<string, string> facts) => new() { Value = JsonSerializer.Serialize(facts), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static NpgsqlBatchCommand Command(string sql, params IEnumerable<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return command;
    }
}
