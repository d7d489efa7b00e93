using Npgsql;

namespace WhatsOps.Runbooks;

/// <summary>
/// One step of a run at a time, over all processes: a session lock in PostgreSQL, which dies with its process. The engine runs an activity
/// at least once, and after a takeover the old owner's last one may still be busy.
/// </summary>
public sealed class RunTurns(NpgsqlDataSource database)
{
    /// <summary>The turn, to be disposed; null while somebody else has it.</summary>
    public async Task<IAsyncDisposable?> TryTakeAsync(Guid runId, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtextextended('run/' || $1::text, 0))", connection);
            command.Parameters.Add(new() { Value = runId });
            if (await command.ExecuteScalarAsync(cancellation) is true) return new Turn(connection, runId);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }

    private sealed class Turn(NpgsqlConnection connection, Guid runId) : IAsyncDisposable
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
            }
        }
    }
}
