using Npgsql;

namespace WhatsOps.Runbooks;

/// <summary>
/// One step of a run at a time, over all processes: a session lock in PostgreSQL, which dies with its process. The engine runs an activity
/// at least once, and after a takeover the old owner's last one may still be busy.
/// </summary>
public sealed class RunTurns(NpgsqlDataSource database, RunbookPatience patience) : IDisposable
{
    private readonly SemaphoreSlim _seats = new(patience.StepsAtOnce);

    /// <summary>The turn, to be disposed; null while somebody else has it, or this process is busy enough.</summary>
    public async Task<IAsyncDisposable?> TryTakeAsync(Guid runId, CancellationToken cancellation)
    {
        if (!_seats.Wait(0, cancellation)) return null;
        NpgsqlConnection? connection = null;
        var taken = false;
        try
        {
            connection = await database.OpenConnectionAsync(cancellation);
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtextextended('run/' || $1::text, 0))", connection);
            command.Parameters.Add(new() { Value = runId });
            taken = await command.ExecuteScalarAsync(cancellation) is true;
            return taken ? new Turn(connection, runId, _seats) : null;
        }
        finally
        {
            if (!taken)
            {
                if (connection is not null) await connection.DisposeAsync();
                _seats.Release();
            }
        }
    }

    public void Dispose() => _seats.Dispose();

    private sealed class Turn(NpgsqlConnection connection, Guid runId, SemaphoreSlim seats) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var command = new NpgsqlCommand("SELECT pg_advisory_unlock(hashtextextended('run/' || $1::text, 0))", connection);
                command.Parameters.Add(new() { Value = runId });
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // The session is gone, and its lock with it.
            }
            finally
            {
                await connection.DisposeAsync();
                seats.Release();
            }
        }
    }
}
