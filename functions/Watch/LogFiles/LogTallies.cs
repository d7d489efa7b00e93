using Npgsql;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Watch;

/// <summary>Stores by the hour what is most frequent in logs.</summary>
internal sealed class LogTallies(NpgsqlDataSource database)
{
    public async Task AddAsync(string system, string target, IEnumerable<LogTally> tallies, DateTimeOffset at, CancellationToken cancellation)
    {
        // In one order: two processes that write the same rows must not wait for each other.
        var all = tallies.GroupBy(tally => (tally.Kind, tally.What), (key, same) => new LogTally(key.Kind, key.What, same.Sum(tally => tally.Count)))
            .OrderBy(tally => tally.Kind, StringComparer.Ordinal).ThenBy(tally => tally.What, StringComparer.Ordinal).ToArray();
        if (all.Length == 0) return;
        await using var command = database.CreateCommand(
            """
            INSERT INTO whatsops.log_tallies AS t (system, target, hour, kind, what, count, last_at)
            SELECT $1, $2, date_trunc('hour', $3, 'UTC'), u.kind, u.what, u.count, $3 FROM unnest($4::text[], $5::text[], $6::bigint[]) AS u(kind, what, count)
            ON CONFLICT (system, target, hour, kind, what) DO UPDATE SET count = t.count + excluded.count, last_at = greatest(t.last_at, excluded.last_at)
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = target });
        command.Parameters.Add(Time(at));
        command.Parameters.Add(new() { Value = all.Select(tally => tally.Kind).ToArray() });
        command.Parameters.Add(new() { Value = all.Select(tally => tally.What).ToArray() });
        command.Parameters.Add(new() { Value = all.Select(tally => (long)tally.Count).ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
