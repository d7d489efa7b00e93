using Npgsql;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Watch;

/// <summary>When each target is looked at, by which process, and what was seen last.</summary>
internal sealed class WatchStore(NpgsqlDataSource database)
{
    // The clock ticks every 30 s, a moment sooner or later: what is due within it is due now.
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    /// <summary>Takes what is due of the wanted targets. A process that dies gives it back when its lease ends.</summary>
    /// <param name="isDue">False: all of them, due or not, as a person asks.</param>
    public async Task<IReadOnlyList<WatchedTarget>> ClaimAsync(
        IReadOnlyList<(string System, Look Look)> wanted, bool isDue, Guid owner, DateTimeOffset now, TimeSpan lease, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            WITH wanted AS (
              SELECT * FROM unnest($1::text[], $2::text[], $3::double precision[]) AS w(system, target, every)
            ), added AS (
              INSERT INTO whatsops.watch_targets (system, target, next_at, owner, leased_until)
              SELECT system, target, $5 + every * interval '1 second', $4, $6 FROM wanted
              ON CONFLICT DO NOTHING RETURNING system, target, failures
            ), due AS (
              UPDATE whatsops.watch_targets t SET owner = $4, leased_until = $6, next_at = $5 + w.every * interval '1 second'
              FROM wanted w
              WHERE t.system = w.system AND t.target = w.target AND (t.next_at <= $7 OR NOT $8) AND (t.leased_until IS NULL OR t.leased_until <= $5)
              RETURNING t.system, t.target, t.failures
            )
            SELECT * FROM added UNION ALL SELECT * FROM due
            """);
        command.Parameters.Add(new() { Value = wanted.Select(one => one.System).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(one => one.Look.Target).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(one => one.Look.Every.TotalSeconds).ToArray() });
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(Time(now));
        command.Parameters.Add(Time(now + lease));
        command.Parameters.Add(Time(now + Slack));
        command.Parameters.Add(new() { Value = isDue });
        var claimed = new List<WatchedTarget>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) claimed.Add(new(rows.GetString(0), rows.GetString(1), rows.GetInt32(2)));
        return claimed;
    }

    /// <summary>Keeps what was seen, and gives the target back.</summary>
    /// <param name="again">It is due then, unless its pace says sooner; null: its pace says when.</param>
    public async Task SaveAsync(WatchedTarget target, Reading reading, bool isFailure, DateTimeOffset at, TimeSpan took, DateTimeOffset? again, Guid owner, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE whatsops.watch_targets
            SET owner = NULL, leased_until = NULL, read_at = $4, outcome = $5, words = $6, seconds = $7, failures = CASE WHEN $8 THEN failures + 1 ELSE 0 END,
                next_at = least(next_at, $9::timestamptz)
            WHERE system = $1 AND target = $2 AND owner = $3
            """);
        command.Parameters.Add(new() { Value = target.System });
        command.Parameters.Add(new() { Value = target.Target });
        command.Parameters.Add(new() { Value = owner });
        command.Parameters.Add(Time(at));
        command.Parameters.Add(new() { Value = reading.Outcome.ToString().ToLowerInvariant() });
        command.Parameters.Add(new() { Value = reading.Words });
        command.Parameters.Add(new() { Value = took.TotalSeconds });
        command.Parameters.Add(new() { Value = isFailure });
        command.Parameters.Add(Time(again));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>What every target of a system said last.</summary>
    public async Task<IReadOnlyList<(string Target, string Words)>> WordsAsync(string system, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT target, words FROM whatsops.watch_targets WHERE system = $1 AND words IS NOT NULL ORDER BY target");
        command.Parameters.Add(new() { Value = system });
        var words = new List<(string, string)>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) words.Add((rows.GetString(0), rows.GetString(1)));
        return words;
    }

    /// <summary>Forgets targets that the fleet file no longer names, and names them.</summary>
    public async Task<IReadOnlyList<WatchedTarget>> ForgetAsync(IReadOnlyList<(string System, Look Look)> wanted, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            DELETE FROM whatsops.watch_targets t
            WHERE NOT EXISTS (SELECT FROM unnest($1::text[], $2::text[]) AS w(system, target) WHERE w.system = t.system AND w.target = t.target)
            RETURNING t.system, t.target, t.failures
            """);
        command.Parameters.Add(new() { Value = wanted.Select(one => one.System).ToArray() });
        command.Parameters.Add(new() { Value = wanted.Select(one => one.Look.Target).ToArray() });
        var gone = new List<WatchedTarget>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) gone.Add(new(rows.GetString(0), rows.GetString(1), rows.GetInt32(2)));
        return gone;
    }
}
