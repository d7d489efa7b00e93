using Npgsql;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Watch;

/// <summary>Reads what indicators are made of from the hours of samples, which are kept for 400 days.</summary>
internal sealed class KpiReader(NpgsqlDataSource database)
{
    /// <param name="from">A whole hour, included.</param>
    /// <param name="to">A whole hour, not included.</param>
    public async Task<IReadOnlyList<SeriesFacts>> ReadAsync(string system, IReadOnlyCollection<string> metrics, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        // The hour before the first one is where counters begin.
        await using var command = database.CreateCommand(
            """
            SELECT target, metric, subject, count(*)::integer, sum(total) / sum(samples), max(most), coalesce(sum(CASE WHEN most >= earlier THEN most - earlier WHEN metric = ANY($5) THEN 0 ELSE most END) FILTER (WHERE earlier IS NOT NULL), 0), sum(total),
              sum(samples)::bigint
            FROM (
              SELECT target, metric, subject, hour, samples, total, most, lag(most) OVER (PARTITION BY target, metric, subject ORDER BY hour) AS earlier
              FROM whatsops.sample_hours WHERE system = $1 AND metric = ANY($2) AND hour >= $3::timestamptz - interval '1 hour' AND hour < $4) h
            WHERE hour >= $3 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = metrics.ToArray() });
        command.Parameters.Add(Time(from));
        command.Parameters.Add(Time(to));
        command.Parameters.Add(new() { Value = StoredCounts.Metrics.ToArray() });
        var facts = new List<SeriesFacts>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            facts.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6)) { Total = row.GetDouble(7), Samples = row.GetInt64(8) });
        return facts;
    }
}
