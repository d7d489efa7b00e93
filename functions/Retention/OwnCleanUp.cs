using Npgsql;

namespace WhatsOps.Retention;

/// <summary>Deletes what has had its time in WhatsOps' own tables (R-107). They are nobody's in particular: of several systems' clean-ups one does it.</summary>
internal sealed class OwnCleanUp(NpgsqlDataSource database, RetentionPace pace, TimeProvider time)
{
    /// <summary>The tables that had old rows; null: another clean-up is at it.</summary>
    public async Task<IReadOnlyList<TableCleanUp>?> RunAsync(DateTimeOffset deadline, CancellationToken cancellation)
    {
        await using var holder = await database.OpenConnectionAsync(cancellation);
        // A lock of the session: who dies gives it back.
        if (!await LockAsync(holder, "pg_try_advisory_lock", cancellation)) return null;
        try
        {
            var cleaned = new List<TableCleanUp>();
            foreach (var table in OwnTables.Cleaned)
            {
                var before = time.GetUtcNow().AddDays(-table.Days);
                var deletion = new BatchedDelete(database, $"whatsops.{table.Name}", $"t.{table.Column} < $1{(table.Also is null ? "" : $" AND {table.Also}")}", table.Batch, pace, time);
                if (await deletion.CountAsync(before, cancellation) is not (> 0 and var old)) continue;
                var (deleted, done) = await deletion.RunAsync(before, deadline, cancellation);
                cleaned.Add(new(table.Name, null, old, deleted, done ? 0 : await deletion.CountAsync(before, cancellation), done ? null : "the rest goes in the next run"));
            }

            return cleaned;
        }
        finally
        {
            await LockAsync(holder, "pg_advisory_unlock", CancellationToken.None);
        }
    }

    private static async Task<bool> LockAsync(NpgsqlConnection connection, string function, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"SELECT {function}(hashtextextended('whatsops.clean-up', 0))", connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }
}
