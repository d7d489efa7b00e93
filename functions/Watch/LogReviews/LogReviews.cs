using Npgsql;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Watch;

/// <summary>Reads what the logs of a system came to, from the hours of samples and of tallies.</summary>
internal sealed class LogReviews(NpgsqlDataSource database)
{
    private const int Addresses = 10;
    private const int Newest = 20;

    // As many as the manual reads of errors.log each morning.
    private const int NewestErrors = 50;

    /// <param name="from">Its whole hour is included.</param>
    public async Task<IReadOnlyList<LogReview>> ReadAsync(string system, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var sums = await SumsAsync(system, from, to, cancellation);
        var tops = (await TopsAsync(system, from, to, cancellation)).ToLookup(top => top.Target, top => top.Top, StringComparer.Ordinal);
        return [.. sums.GroupBy(sum => sum.Target, StringComparer.Ordinal).Select(target => Review(target.Key, [.. target], [.. tops[target.Key]]))];
    }

    private static LogReview Review(string target, (string Target, string Metric, string Subject, double Sum)[] sums, LogTop[] tops)
    {
        long Of(string metric) => (long)sums.Where(sum => sum.Metric == "log." + metric).Sum(sum => sum.Sum);
        Dictionary<string, long> By(string metric) => sums.Where(sum => sum.Metric == "log." + metric).ToDictionary(sum => sum.Subject, sum => (long)sum.Sum);
        var lines = Of("processing.lines");
        return new(
            target, Of("lines"), Of("errors"), Of("warnings"), By("matches"), By("requests"), lines > 0 ? sums.Single(sum => sum.Metric == "log.processing.total.milliseconds").Sum / lines : null,
            [.. tops.Where(top => top.Kind == "address").OrderByDescending(top => top.Count).ThenBy(top => top.What, StringComparer.Ordinal).Take(Addresses)],
            [.. tops.Where(top => top.Kind != "address").GroupBy(top => top.Kind, StringComparer.Ordinal).SelectMany(kind => kind.OrderByDescending(top => top.LastAt).ThenByDescending(top => top.Count).Take(kind.Key == "error" ? NewestErrors : Newest))]);
    }

    // The output of a container and a file in it are logs both.
    private async Task<List<(string Target, string Metric, string Subject, double Sum)>> SumsAsync(string system, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            SELECT target, regexp_replace(metric, '^container\.', ''), subject, sum(total) FROM whatsops.sample_hours
            WHERE system = $1 AND hour >= date_trunc('hour', $2::timestamptz, 'UTC') AND hour < $3 AND metric = ANY ($4) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """, system, from, to);
        command.Parameters.Add(new()
        {
            Value = (string[])["log.lines", "log.errors", "log.warnings", "log.matches", "log.requests", "log.processing.lines", "log.processing.total.milliseconds", "container.log.lines", "container.log.errors", "container.log.warnings"],
        });
        var sums = new List<(string, string, string, double)>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) sums.Add((row.GetString(0), row.GetString(1), row.GetString(2), row.GetDouble(3)));
        return sums;
    }

    private async Task<List<(string Target, LogTop Top)>> TopsAsync(string system, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await using var command = Command(
            """
            SELECT target, kind, what, sum(count)::bigint, max(last_at) FROM whatsops.log_tallies
            WHERE system = $1 AND hour >= date_trunc('hour', $2::timestamptz, 'UTC') AND hour < $3 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """, system, from, to);
        var tops = new List<(string, LogTop)>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) tops.Add((row.GetString(0), new(row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4))));
        return tops;
    }

    private NpgsqlCommand Command(string sql, string system, DateTimeOffset from, DateTimeOffset to)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(Time(from));
        command.Parameters.Add(Time(to));
        return command;
    }
}
