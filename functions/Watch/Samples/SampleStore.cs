using Npgsql;
using WhatsOps.Database;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Watch;

/// <summary>Stores samples, and their hours in the same statement; gives series back.</summary>
internal sealed class SampleStore(NpgsqlDataSource database, DayPartitions days)
{
    /// <summary>Days that samples are kept; their hours stay for 400.</summary>
    public const int Days = 8;

    public async Task AddAsync(string system, string target, IReadOnlyList<Measure> measures, DateTimeOffset at, CancellationToken cancellation)
    {
        if (measures.Count == 0) return;
        try
        {
            await InsertAsync(system, target, measures, at, cancellation);
        }
        catch (PostgresException problem) when (DayPartitions.IsMissing(problem))
        {
            await EnsureDayAsync(DateOnly.FromDateTime(at.UtcDateTime), cancellation);
            await InsertAsync(system, target, measures, at, cancellation);
        }
    }

    /// <summary>The series of a system that have one of the metrics, each in order of time.</summary>
    public Task<IReadOnlyDictionary<SeriesKey, List<Sample>>> SeriesAsync(string system, IReadOnlyCollection<string> metrics, DateTimeOffset since, CancellationToken cancellation) =>
        SeriesAsync(system, metrics, null, since, cancellation);

    /// <param name="targets">Only of these; null: of all.</param>
    public async Task<IReadOnlyDictionary<SeriesKey, List<Sample>>> SeriesAsync(
        string system, IReadOnlyCollection<string> metrics, IReadOnlyCollection<string>? targets, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"SELECT target, metric, subject, at, value FROM whatsops.samples WHERE system = $1 AND metric = ANY($2) AND at >= $3{(targets is null ? "" : " AND target = ANY($4)")} ORDER BY target, metric, subject, at");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = metrics.ToArray() });
        command.Parameters.Add(Time(since));
        if (targets is not null) command.Parameters.Add(new() { Value = targets.ToArray() });
        var series = new Dictionary<SeriesKey, List<Sample>>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var key = new SeriesKey(rows.GetString(0), rows.GetString(1), rows.GetString(2));
            if (!series.TryGetValue(key, out var samples)) series[key] = samples = [];
            samples.Add(new(rows.GetFieldValue<DateTimeOffset>(3), rows.GetDouble(4)));
        }

        return series;
    }

    /// <summary>How many samples a series without a subject has between two times, neither included.</summary>
    public async Task<long> CountAsync(string system, string target, string metric, DateTimeOffset after, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM whatsops.samples WHERE system = $1 AND target = $2 AND metric = $3 AND subject = '' AND at > $4 AND at < $5");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = target });
        command.Parameters.Add(new() { Value = metric });
        command.Parameters.Add(Time(after));
        command.Parameters.Add(Time(before));
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The newest samples of a system, of all series, the newest first.</summary>
    /// <returns>True: there are more than that.</returns>
    public async Task<bool> EachAsync(string system, DateTimeOffset since, int most, Action<SeriesKey, Sample> each, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT target, metric, subject, at, value FROM whatsops.samples WHERE system = $1 AND at >= $2 ORDER BY at DESC, target, metric, subject LIMIT $3");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(Time(since));
        command.Parameters.Add(new() { Value = most + 1 });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        for (var read = 0; await rows.ReadAsync(cancellation); read++)
        {
            if (read == most) return true;
            each(new(rows.GetString(0), rows.GetString(1), rows.GetString(2)), new(rows.GetFieldValue<DateTimeOffset>(3), rows.GetDouble(4)));
        }

        return false;
    }

    /// <summary>Drops the days that have had their time, and makes tomorrow's.</summary>
    public async Task KeepAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await EnsureDayAsync(today, cancellation);
        await EnsureDayAsync(today.AddDays(1), cancellation);
        await days.DropAsync("samples", today.AddDays(-Days), cancellation);
    }

    private async Task InsertAsync(string system, string target, IReadOnlyList<Measure> measures, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            WITH added AS (
              INSERT INTO whatsops.samples (system, target, metric, subject, at, value)
              SELECT $1, $2, m.metric, m.subject, $3, m.value FROM unnest($4::text[], $5::text[], $6::double precision[]) AS m(metric, subject, value)
              RETURNING metric, subject, value
            )
            INSERT INTO whatsops.sample_hours AS h (system, target, metric, subject, hour, samples, total, least, most)
            SELECT $1, $2, metric, subject, date_trunc('hour', $3, 'UTC'), count(*), sum(value), min(value), max(value) FROM added GROUP BY metric, subject ORDER BY metric, subject
            ON CONFLICT (system, target, metric, subject, hour) DO UPDATE
            SET samples = h.samples + excluded.samples, total = h.total + excluded.total, least = least(h.least, excluded.least), most = greatest(h.most, excluded.most)
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = target });
        command.Parameters.Add(Time(at));
        command.Parameters.Add(new() { Value = measures.Select(measure => measure.Metric).ToArray() });
        command.Parameters.Add(new() { Value = measures.Select(measure => measure.Subject).ToArray() });
        command.Parameters.Add(new() { Value = measures.Select(measure => measure.Value).ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task EnsureDayAsync(DateOnly day, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT whatsops.ensure_sample_day($1)");
        command.Parameters.Add(new() { Value = day });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
