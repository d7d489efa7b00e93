using Npgsql;

namespace WhatsOps.Events;

/// <summary>Makes the daily partitions of the event log.</summary>
public sealed class EventPartitions(NpgsqlDataSource database)
{
    public async Task EnsureAsync(DateOnly day, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT whatsops.ensure_event_day($1)");
        command.Parameters.Add(new() { Value = day });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
