using Npgsql;

namespace WhatsOps.Embedded.Durable;

/// <summary>The one row that says who runs the orchestrations. Times are the database's, so that clocks of processes do not matter.</summary>
internal sealed class Lease(NpgsqlDataSource source, string owner, TimeSpan duration)
{
    /// <summary>The new epoch, or null while somebody else holds the lease.</summary>
    public async Task<long?> TryAcquireAsync(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("""
            UPDATE durable.lease SET epoch = epoch + 1, owner = $1, expires_at = clock_timestamp() + $2
            WHERE owner IS NULL OR owner = $1 OR expires_at < clock_timestamp()
            RETURNING epoch
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = owner });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = duration });
        return (long?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>False when the lease is no longer ours.</summary>
    public async Task<bool> RenewAsync(long epoch, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("UPDATE durable.lease SET expires_at = clock_timestamp() + $2 WHERE epoch = $1");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = duration });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    public async Task ReleaseAsync(long epoch, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"""
            WITH released AS (UPDATE durable.lease SET owner = NULL, expires_at = '-infinity' WHERE epoch = $1 RETURNING epoch)
            SELECT pg_notify('{EngineListener.ChangeChannel}', '') FROM released
            """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
