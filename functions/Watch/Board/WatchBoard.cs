using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Watch;

/// <summary>What is watched, how it is, how available it was, and the newest value of every series.</summary>
internal sealed class WatchBoard(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromDays(1);

    /// <param name="system">Null: all systems.</param>
    public async Task<IReadOnlyList<TargetView>> TargetsAsync(string? system, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT t.system, t.target, t.outcome, t.words, t.read_at, t.next_at, u.availability, s.p50, s.p95, s.p99
            FROM whatsops.watch_targets t
            LEFT JOIN LATERAL (SELECT 100 * avg(value) AS availability FROM whatsops.samples WHERE system = t.system AND target = t.target AND metric = 'up' AND at >= $2) u ON true
            LEFT JOIN LATERAL (
              SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY value) AS p50, percentile_disc(0.95) WITHIN GROUP (ORDER BY value) AS p95, percentile_disc(0.99) WITHIN GROUP (ORDER BY value) AS p99
              FROM whatsops.samples WHERE system = t.system AND target = t.target AND metric IN ('seconds', 'seconds.detailed') AND at >= $2) s ON true
            WHERE $1::text IS NULL OR t.system = $1 ORDER BY t.system, t.target
            """);
        command.Parameters.Add(new() { Value = (object?)system ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (time.GetUtcNow() - Span).ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        var views = new List<TargetView>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            views.Add(new(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
                row.GetFieldValue<DateTimeOffset>(5), Number(row, 6), Number(row, 7), Number(row, 8), Number(row, 9)));
        return views;
    }

    /// <summary>The newest value of every series of a target within a day.</summary>
    public async Task<IReadOnlyList<SeriesView>> SeriesAsync(string system, string target, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT DISTINCT ON (metric, subject) metric, subject, at, value FROM whatsops.samples
            WHERE system = $1 AND target = $2 AND at >= $3 ORDER BY metric, subject, at DESC
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = target });
        command.Parameters.Add(new() { Value = (time.GetUtcNow() - Span).ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        var views = new List<SeriesView>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) views.Add(new(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetDouble(3)));
        return views;
    }

    /// <summary>Every series of a system between two times, by whole hours.</summary>
    public async Task<IReadOnlyList<SeriesSummary>> SummaryAsync(string system, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT target, metric, subject, sum(samples)::bigint, sum(total) / sum(samples), min(least), max(most) FROM whatsops.sample_hours
            WHERE system = $1 AND hour >= date_trunc('hour', $2::timestamptz, 'UTC') AND hour <= $3 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = from.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = to.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        var summaries = new List<SeriesSummary>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            summaries.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6)));
        return summaries;
    }

    private static double? Number(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
