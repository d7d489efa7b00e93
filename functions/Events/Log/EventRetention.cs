using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Database;

namespace WhatsOps.Events;

/// <summary>Makes the partitions of the days to come and drops what has had its time: bodies first, then events, deliveries and keys. Whatever is not of the event log itself goes by the routine clean-up.</summary>
public sealed class EventRetention(
    NpgsqlDataSource database, EventPartitions partitions, DayPartitions days, EventDataKeys keys, DeliveryRetention deliveries, EventsOptions options, TimeProvider time, ILogger<EventRetention> log)
{
    private const int DaysAhead = 3;
    private const int Chunk = 10_000;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        for (var day = 0; day <= DaysAhead; day++) await partitions.EnsureAsync(today.AddDays(day), cancellation);

        if (await deliveries.GiveUpAsync(today.AddDays(-options.BodyDays), cancellation) is > 0 and var late)
            log.LogError("{Count} events were never delivered, and their bodies go now", late);
        List<string> dropped =
        [
            .. await days.DropAsync("event_bodies", today.AddDays(-options.BodyDays), cancellation),
            .. await days.DropAsync("events", today.AddDays(-options.Days), cancellation),
        ];
        // The key goes too: what a backup still holds of these bodies is unreadable from now on.
        await keys.ForgetAsync(today.AddDays(-options.BodyDays), cancellation);
        if (dropped.Count > 0) log.LogInformation("Retention dropped {Partitions}", string.Join(", ", dropped));

        await deliveries.DeleteAsync(cancellation);
        await DeleteAsync("event_keys", "first_seen", today.AddDays(-options.KeyDays), cancellation);
    }

    // In small transactions: the receiver inserts into these tables all the time.
    private async Task DeleteAsync(string table, string column, DateOnly before, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"DELETE FROM whatsops.{table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM whatsops.{table} WHERE {column} < $1 LIMIT {Chunk}))");
        command.Parameters.Add(new() { Value = before.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) });
        while (await command.ExecuteNonQueryAsync(cancellation) == Chunk)
        {
        }
    }
}
