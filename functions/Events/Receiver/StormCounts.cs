using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Events;

/// <summary>Writes what the storm guard counted, and the last absorbed event of each place as a sighting: a storm is a sign of life, too.</summary>
internal sealed class StormCounts(NpgsqlDataSource database, StormGuard guard, TimeProvider time)
{
    // A change of state waits for the instance's row until these are committed, and with it the writer of all events: few at a time.
    private const int MaxRows = 100;

    public async Task FlushAsync(CancellationToken cancellation)
    {
        var counts = guard.Take(time.GetUtcNow())
            .OrderBy(count => count.Place.System, StringComparer.Ordinal).ThenBy(count => count.Place.Instance, StringComparer.Ordinal)
            .ThenBy(count => count.Place.Tenant, StringComparer.Ordinal).ThenBy(count => count.Place.Event, StringComparer.Ordinal)
            .ThenBy(count => count.Place.State, StringComparer.Ordinal).ThenBy(count => count.Minute).ToArray();
        for (var written = 0; written < counts.Length; written += MaxRows)
            try
            {
                await WriteAsync(counts[written..Math.Min(written + MaxRows, counts.Length)], cancellation);
            }
            catch
            {
                guard.GiveBack(counts[written..]);
                throw;
            }
    }

    private async Task WriteAsync(StormCount[] counts, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Counts(counts));
        batch.BatchCommands.Add(Sightings([.. counts.Where(count => !count.Place.IsForeign)]));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlBatchCommand Counts(StormCount[] counts)
    {
        var command = new NpgsqlBatchCommand("""
            INSERT INTO whatsops.storm_counts AS known (system, tenant, instance, event, state, minute, count)
            SELECT s, t, i, e, st, m, sum(c) FROM unnest($1, $2, $3, $4, $5, $6, $7) AS new(s, t, i, e, st, m, c) GROUP BY s, t, i, e, st, m
            ORDER BY s, i, t, e, st, m
            ON CONFLICT (system, tenant, instance, event, state, minute) DO UPDATE SET count = known.count + excluded.count
            """);
        Add(command, NpgsqlDbType.Text, counts.Select(count => count.Place.System));
        Add(command, NpgsqlDbType.Text, counts.Select(count => count.Place.Tenant));
        Add(command, NpgsqlDbType.Text, counts.Select(count => count.Place.Instance));
        Add(command, NpgsqlDbType.Text, counts.Select(count => count.Place.Event));
        Add(command, NpgsqlDbType.Text, counts.Select(count => count.Place.State));
        Add(command, NpgsqlDbType.TimestampTz, counts.Select(count => count.Minute.UtcDateTime));
        Add(command, NpgsqlDbType.Bigint, counts.Select(count => count.Count));
        return command;
    }

    private static NpgsqlBatchCommand Sightings(StormCount[] counts)
    {
        var command = new NpgsqlBatchCommand("SELECT whatsops.record_instance_sightings($1, $2, NULL, $3, $4, $5, $6, $7, NULL, NULL)");
        Add(command, NpgsqlDbType.Text, counts.Select(count => count.Place.System));
        Add(command, NpgsqlDbType.Text, counts.Select(count => count.Place.Tenant));
        Add(command, NpgsqlDbType.Text, counts.Select(count => count.Place.Instance));
        Add(command, NpgsqlDbType.Text, counts.Select(count => count.Place.State));
        Add(command, NpgsqlDbType.TimestampTz, counts.Select(count => count.LastAt.UtcDateTime));
        Add(command, NpgsqlDbType.TimestampTz, counts.Select(count => count.LastGatewayTime?.UtcDateTime));
        Add(command, NpgsqlDbType.Text, counts.Select(_ => "webhook"));
        return command;
    }

    private static void Add<T>(NpgsqlBatchCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = type | NpgsqlDbType.Array });
}
