using Npgsql;

namespace WhatsOps.Diagnosis;

/// <summary>Reads the numbers from the log of calls.</summary>
internal sealed class PerformanceReader(NpgsqlDataSource database)
{
    // The client gives up after 10 s, lists after 30 s: no status and as long as that is a time-out.
    private const string IsTimeout = "status IS NULL AND outcome = 'unreachable' AND duration_ms >= 9500";

    public async Task<Performance> ReadAsync(string system, string gateway, DateTimeOffset since, CancellationToken cancellation)
    {
        // Attempts to break in are meant to be refused.
        await using var command = database.CreateCommand(
            $"""
            WITH calls AS (
              SELECT operation, duration_ms, outcome IN ('seen', 'absent', 'done', 'already_so', 'name_in_use') AS good, {IsTimeout} AS timed_out,
                     CASE WHEN outcome = 'unauthorized' THEN 'unauthorized' WHEN {IsTimeout} THEN 'timeout' WHEN status IS NULL THEN 'no_connection'
                          WHEN status >= 500 THEN 'http_5xx' WHEN outcome = 'unreachable' THEN 'wrong_answer' ELSE 'refused' END AS type
                FROM whatsops.gateway_calls WHERE system = $1 AND gateway = $2 AND at >= $3 AND operation <> 'isolation_test'),
            errors AS (SELECT type, count(*) AS count FROM calls WHERE NOT good GROUP BY type)
            SELECT count(*), count(*) FILTER (WHERE good), avg(duration_ms)::float8, count(*) FILTER (WHERE timed_out),
                   percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) FILTER (WHERE operation IN ('list', 'state')),
                   ARRAY(SELECT type FROM errors ORDER BY count DESC, type), ARRAY(SELECT count FROM errors ORDER BY count DESC, type)
              FROM calls
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = gateway });
        command.Parameters.Add(new() { Value = since.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return new(
            row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetDouble(2), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetDouble(4),
            [.. row.GetFieldValue<string[]>(5).Zip(row.GetFieldValue<long[]>(6))]);
    }
}
