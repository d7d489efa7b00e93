using Microsoft.DurableTask.Client;
using Npgsql;

namespace WhatsOps.Embedded.Durable;

/// <summary>What a session reads from the store.</summary>
internal static class InstanceStore
{
    private const int MaxCommands = 5_000;

    private const string RecordColumns = """
        i.instance_id, i.generation, i.name, i.version, i.status, i.input, i.custom_status, i.tags,
        i.parent_id, i.parent_name, i.parent_generation, i.parent_task, i.created_at, i.started_at
        """;

    public static async Task<List<(InstanceRecord Record, List<HistoryEvent> Past)>> LoadUnfinishedAsync(
        NpgsqlDataSource source, CancellationToken cancellation)
    {
        var records = await ReadRecordsAsync(source, "('Pending', 'Running', 'Suspended')", cancellation);
        var found = records.ToDictionary(record => record.InstanceId, record => (Record: record, Past: new List<HistoryEvent>()));
        await using var command = source.CreateCommand("""
            SELECT h.instance_id, h.seq, h.kind, h.at, h.task, h.name, h.target, h.payload
            FROM durable.instances i JOIN durable.history h USING (instance_id, generation)
            WHERE i.status IN ('Pending', 'Running', 'Suspended') ORDER BY h.instance_id, h.seq
            """);
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (!found.TryGetValue(reader.GetString(0), out var instance)) continue;
            instance.Past.Add(new HistoryEvent(
                reader.GetInt32(1), Enum.Parse<EventKind>(reader.GetString(2)), reader.GetDateTime(3), reader.GetInt32(4),
                Text(reader, 5), Text(reader, 6), Text(reader, 7)));
        }

        return [.. found.Values];
    }

    /// <summary>Started by a client in another process, or a delayed start that waits for its time.</summary>
    public static Task<List<InstanceRecord>> LoadPendingAsync(NpgsqlDataSource source, CancellationToken cancellation) =>
        ReadRecordsAsync(source, "('Pending')", cancellation);

    public static async Task<List<(long Id, DurableCommand Command)>> ReadCommandsAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"SELECT id, kind, instance_id, name, payload FROM durable.commands ORDER BY id LIMIT {MaxCommands}");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var commands = new List<(long, DurableCommand)>();
        while (await reader.ReadAsync(cancellation))
        {
            commands.Add((reader.GetInt64(0), new DurableCommand(
                Enum.Parse<EventKind>(reader.GetString(1)), reader.GetString(2), Text(reader, 3), Text(reader, 4))));
        }

        return commands;
    }

    private static async Task<List<InstanceRecord>> ReadRecordsAsync(NpgsqlDataSource source, string statuses, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"SELECT {RecordColumns} FROM durable.instances i WHERE i.status IN {statuses}");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var records = new List<InstanceRecord>();
        while (await reader.ReadAsync(cancellation))
        {
            records.Add(new InstanceRecord(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3),
                Enum.Parse<OrchestrationRuntimeStatus>(reader.GetString(4)), Text(reader, 5), Text(reader, 6), Text(reader, 7),
                reader.IsDBNull(8) ? null : new ParentLink(reader.GetString(8), reader.GetString(9), reader.GetInt32(10), reader.GetInt32(11)),
                reader.GetDateTime(12), reader.GetDateTime(13)));
        }

        return records;
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
