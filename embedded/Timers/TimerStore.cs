using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Embedded.Timers;

/// <summary>
/// The rows in durable.timers. Leases are timed by the database's clock, which all processes share; schedules by the host's clock.
/// </summary>
internal sealed class TimerStore(NpgsqlDataSource database) : IAsyncDisposable
{
    private volatile bool exists;

    public async Task EnsureTableAsync(CancellationToken cancellation)
    {
        if (exists)
            return;
        // CREATE ... IF NOT EXISTS still collides when two processes start together: one at a time.
        const string sql = """
            SELECT pg_advisory_xact_lock(hashtext('durable.timers'));
            CREATE SCHEMA IF NOT EXISTS durable;
            CREATE TABLE IF NOT EXISTS durable.timers (
                name        text PRIMARY KEY,
                schedule    text NOT NULL,
                last_run    timestamptz,
                next_run    timestamptz NOT NULL,
                updated     timestamptz NOT NULL,
                owner       text,
                fence       bigint NOT NULL DEFAULT 0,
                lease_until timestamptz);
            """;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        exists = true;
    }

    public async Task<TimerState> RegisterAsync(string name, string schedule, DateTimeOffset next, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            INSERT INTO durable.timers (name, schedule, next_run, updated) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING;
            """);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(schedule);
        command.Parameters.AddWithValue(next.UtcDateTime);
        command.Parameters.AddWithValue(now.UtcDateTime);
        await command.ExecuteNonQueryAsync(cancellation);
        return await ReadAsync(name, cancellation);
    }

    public async Task<TimerState> ReadAsync(string name, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT schedule, last_run, next_run, updated FROM durable.timers WHERE name = $1");
        command.Parameters.AddWithValue(name);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            throw new InvalidOperationException($"Timer {name} has no row in durable.timers any more.");
        return new TimerState(
            reader.GetString(0),
            reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
            reader.GetFieldValue<DateTimeOffset>(2),
            reader.GetFieldValue<DateTimeOffset>(3));
    }

    /// <summary>Moves the next run, unless somebody else changed the row or is running it.</summary>
    public Task<bool> RescheduleAsync(
        string name, TimerState seen, string schedule, DateTimeOffset next, DateTimeOffset now, CancellationToken cancellation) =>
        WriteAsync("""
            UPDATE durable.timers SET schedule = $2, next_run = $3, updated = $4
            WHERE name = $1 AND next_run = $5 AND schedule = $6 AND (lease_until IS NULL OR lease_until < clock_timestamp())
            """, cancellation, name, schedule, next.UtcDateTime, now.UtcDateTime, seen.NextRun.UtcDateTime, seen.Schedule);

    /// <param name="due">Only when the next run is at or before this; null: whatever the schedule says.</param>
    public async Task<TimerLease?> AcquireAsync(string name, string owner, DateTimeOffset? due, TimeSpan duration, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            UPDATE durable.timers SET owner = $2, fence = fence + 1, lease_until = clock_timestamp() + $3
            WHERE name = $1 AND (lease_until IS NULL OR lease_until < clock_timestamp()) AND ($4 IS NULL OR next_run <= $4)
            RETURNING fence, last_run, next_run
            """);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(owner);
        command.Parameters.AddWithValue(duration);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)due?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new TimerLease(
                name, reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    /// <returns>False when the lease is lost: another process may be running the timer.</returns>
    public Task<bool> RenewAsync(TimerLease lease, TimeSpan duration, CancellationToken cancellation) => WriteAsync(
        "UPDATE durable.timers SET lease_until = clock_timestamp() + $3 WHERE name = $1 AND fence = $2 AND lease_until IS NOT NULL",
        cancellation, lease.Name, lease.Fence, duration);

    public Task<bool> CompleteAsync(TimerLease lease, DateTimeOffset last, DateTimeOffset next, DateTimeOffset now, CancellationToken cancellation) =>
        WriteAsync("""
            UPDATE durable.timers SET last_run = $3, next_run = $4, updated = $5, owner = NULL, lease_until = NULL
            WHERE name = $1 AND fence = $2 AND lease_until IS NOT NULL
            """, cancellation, lease.Name, lease.Fence, last.UtcDateTime, next.UtcDateTime, now.UtcDateTime);

    public Task<bool> ReleaseAsync(TimerLease lease, CancellationToken cancellation) => WriteAsync(
        "UPDATE durable.timers SET owner = NULL, lease_until = NULL WHERE name = $1 AND fence = $2", cancellation, lease.Name, lease.Fence);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<bool> WriteAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
