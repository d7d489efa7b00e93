using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What every PostgreSQL tells of itself.</summary>
internal static class PostgresVitals
{
    // As NULLs the server hides the statements of others from who has no right to see them: then the longest is not known, and must not read as none.
    private const string Sql =
        """
        SELECT clock_timestamp(), pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'),
          (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
          current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
          (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - query_start)), 0)::float8 FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND state = 'active' AND pid <> pg_backend_pid()),
          (SELECT coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0)::float8 FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND state LIKE 'idle in transaction%'),
          pg_database_size(current_database())::float8, d.deadlocks::float8, d.xact_commit::float8, d.xact_rollback::float8,
          to_regclass('pg_stat_statements') IS NOT NULL
        FROM pg_stat_database d WHERE d.datname = current_database()
        """;

    public static async Task<(IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles, string? Slowest)> ReadAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellation)
    {
        var measures = new List<Measure>();
        var troubles = new List<Trouble>();
        var began = time.GetTimestamp();
        var before = time.GetUtcNow();
        bool seesAll, hasStatements;
        await using (var command = new NpgsqlCommand(Sql, connection))
        await using (var row = await command.ExecuteReaderAsync(cancellation))
        {
            await row.ReadAsync(cancellation);
            var took = time.GetElapsedTime(began);
            var (used, most) = (row.GetInt64(2), row.GetInt32(3));
            (seesAll, hasStatements) = (row.GetBoolean(1), row.GetBoolean(10));
            measures.AddRange(
            [
                new("postgres.answer.seconds", took.TotalSeconds),
                // Against the middle of the exchange; half of the exchange is how exact it is.
                new("postgres.clock_skew.seconds", Math.Max(0, Math.Abs((row.GetFieldValue<DateTimeOffset>(0) - before - (took / 2)).TotalSeconds) - (took.TotalSeconds / 2))),
                new("postgres.connections", used),
                new("postgres.connections.percent", most > 0 ? 100.0 * used / most : 100),
                new("postgres.size.bytes", row.GetDouble(6)),
                new("postgres.deadlocks", row.GetDouble(7)),
                new("postgres.commits", row.GetDouble(8)),
                new("postgres.rollbacks", row.GetDouble(9)),
            ]);
            if (seesAll) measures.AddRange([new("postgres.longest_query.seconds", row.GetDouble(4)), new("postgres.idle_in_transaction.seconds", row.GetDouble(5))]);
        }

        if (!seesAll) troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, "The user does not see what others run, so long statements are not noticed. Fix: GRANT pg_monitor TO that user.") { Subject = "activity" });
        var slowest = hasStatements && seesAll ? await SlowStatements.ReadAsync(connection, cancellation) : null;
        if (slowest is { Mean: { } mean }) measures.Add(new("postgres.slowest_statement.ms", mean));
        if (!hasStatements) troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, "pg_stat_statements is not installed, so slow statements are not counted. Fix: shared_preload_libraries, then CREATE EXTENSION pg_stat_statements.") { Subject = "statements" });
        else if (slowest is { IsLoaded: false }) troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, "pg_stat_statements is installed and its library is not loaded, so slow statements are not counted. Fix: shared_preload_libraries, then a restart of the server.") { Subject = "statements" });
        return (measures, troubles, slowest?.Words);
    }
}
