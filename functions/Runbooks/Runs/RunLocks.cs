using Npgsql;

namespace WhatsOps.Runbooks;

/// <summary>One acting run per instance of a system, over all processes. A lock has no time limit: it ends with its run.</summary>
public sealed class RunLocks(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>The fence of the run's lock, taken now or before; null while another run has it.</summary>
    public async Task<long?> TakeAsync(Run run, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO whatsops.run_locks (system, instance, run_id, taken_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (system, instance) DO UPDATE SET taken_at = run_locks.taken_at WHERE run_locks.run_id = $3
            RETURNING fence
            """);
        command.Parameters.Add(new() { Value = run.Target.System });
        command.Parameters.Add(new() { Value = run.Target.Instance });
        command.Parameters.Add(new() { Value = run.Id });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        return await command.ExecuteScalarAsync(cancellation) as long?;
    }

    /// <summary>Whether the run still has the lock that it began with.</summary>
    public async Task<bool> HoldsAsync(Run run, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT 1 FROM whatsops.run_locks WHERE system = $1 AND instance = $2 AND run_id = $3 AND fence = $4");
        command.Parameters.Add(new() { Value = run.Target.System });
        command.Parameters.Add(new() { Value = run.Target.Instance });
        command.Parameters.Add(new() { Value = run.Id });
        command.Parameters.Add(new() { Value = run.Fence ?? 0L });
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    /// <summary>Frees locks whose run has ended or is gone.</summary>
    public async Task<int> ReapAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "DELETE FROM whatsops.run_locks WHERE NOT EXISTS (SELECT 1 FROM whatsops.runs WHERE runs.id = run_locks.run_id AND ended_at IS NULL)");
        return await command.ExecuteNonQueryAsync(cancellation);
    }
}
