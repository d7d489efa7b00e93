using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Retention;

/// <summary>Deletes old rows of one table in small statements with pauses, so that nobody waits for it, and counts before and after.</summary>
/// <param name="table">Qualified and quoted.</param>
/// <param name="old">Condition on alias <c>t</c>; <c>$1</c> is the time before which a row is old.</param>
internal sealed class BatchedDelete(NpgsqlDataSource database, string table, string old, int batch, RetentionPace pace, TimeProvider time)
{
    public async Task<long> CountAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = Command($"SELECT count(*) FROM {table} t WHERE {old}", before);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>How many rows went, and whether all old ones did before <paramref name="deadline"/>.</summary>
    public async Task<(long Deleted, bool Done)> RunAsync(DateTimeOffset before, DateTimeOffset deadline, CancellationToken cancellation)
    {
        // The age is asked twice: in a partitioned table a ctid names one row in each partition, and old ones only may go.
        var sql = $"DELETE FROM {table} t WHERE t.ctid = ANY (ARRAY(SELECT t.ctid FROM {table} t WHERE {old} LIMIT {batch})) AND {old}";
        long deleted = 0;
        while (time.GetUtcNow() < deadline)
        {
            await using var command = Command(sql, before);
            var rows = await command.ExecuteNonQueryAsync(cancellation);
            deleted += rows;
            // Fewer than a batch may also mean that another process took some of it: only none is the end.
            if (rows == 0) return (deleted, true);
            if (pace.Pause > TimeSpan.Zero) await Task.Delay(pace.Pause, time, cancellation);
        }

        return (deleted, false);
    }

    private NpgsqlCommand Command(string sql, DateTimeOffset before)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = before.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return command;
    }
}
