using Npgsql;

namespace WhatsOps.Events;

/// <summary>Makes and drops the daily partitions of the event log.</summary>
public sealed class EventPartitions(NpgsqlDataSource database)
{
    public async Task EnsureAsync(DateOnly day, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT whatsops.ensure_event_day($1)");
        command.Parameters.Add(new() { Value = day });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Drops what ended before a day and names it. Gives up rather than wait: behind a waiting drop every insert would queue.</summary>
    /// <param name="table"><c>events</c> or <c>event_bodies</c>.</param>
    public async Task<IReadOnlyList<string>> DropAsync(string table, DateOnly before, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var timeout = new NpgsqlCommand("SET LOCAL lock_timeout = '2s'", connection, transaction)) await timeout.ExecuteNonQueryAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT whatsops.drop_event_days($1, $2)", connection, transaction);
        command.Parameters.Add(new() { Value = table });
        command.Parameters.Add(new() { Value = before });
        var dropped = new List<string>();
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
            while (await rows.ReadAsync(cancellation)) dropped.Add(rows.GetString(0));
        await transaction.CommitAsync(cancellation);
        return dropped;
    }
}
