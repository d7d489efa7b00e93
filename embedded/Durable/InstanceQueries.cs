using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Npgsql;

namespace WhatsOps.Embedded.Durable;

/// <summary>What clients read and purge. Only ended instances are purged, which no session has in memory.</summary>
internal sealed class InstanceQueries(NpgsqlDataSource source)
{
    // The newest event is the last sign of life; instance rows change only with their status.
    private const string Columns = """
        i.instance_id, i.name, i.status, i.created_at,
        greatest(i.updated_at, (SELECT h.at FROM durable.history h
                                WHERE h.instance_id = i.instance_id AND h.generation = i.generation ORDER BY h.seq DESC LIMIT 1)),
        CASE WHEN $1 THEN i.input END, CASE WHEN $1 THEN i.output END, CASE WHEN $1 THEN i.custom_status END, i.failure, i.tags
        """;

    private const string Ended = "('Completed', 'Failed', 'Terminated')";

    public async Task<OrchestrationMetadata?> FindAsync(string instanceId, bool payloads, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"SELECT {Columns} FROM durable.instances i WHERE i.instance_id = $2");
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = payloads });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StorableText.Clean(instanceId)! });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader, payloads) : null;
    }

    public async Task<Page<OrchestrationMetadata>> ListAsync(OrchestrationQuery query, string? after, int pageSize, CancellationToken cancellation)
    {
        pageSize = Math.Clamp(pageSize, 1, 1_000);
        await using var command = source.CreateCommand($"""
            SELECT {Columns} FROM durable.instances i
            WHERE ($2::text IS NULL OR i.instance_id > $2)
              AND ($3::timestamptz IS NULL OR i.created_at >= $3) AND ($4::timestamptz IS NULL OR i.created_at <= $4)
              AND ($5::text[] IS NULL OR i.status = ANY ($5))
              AND ($6::text IS NULL OR starts_with(i.instance_id, $6))
            ORDER BY i.instance_id LIMIT $7
            """);
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = query.FetchInputsAndOutputs });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = after });
        AddFilter(command, query.CreatedFrom, query.CreatedTo, query.Statuses);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = query.InstanceIdPrefix });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = pageSize });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var values = new List<OrchestrationMetadata>();
        while (await reader.ReadAsync(cancellation)) values.Add(Read(reader, query.FetchInputsAndOutputs));
        return new Page<OrchestrationMetadata>(values, values.Count == pageSize ? values[^1].InstanceId : null);
    }

    public async Task<int> PurgeAsync(string instanceId, bool recursive, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Purge($"SELECT $1::text", recursive));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = StorableText.Clean(instanceId)! });
        return (int)(long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task<int> PurgeAsync(PurgeInstancesFilter filter, bool recursive, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Purge($"""
            SELECT instance_id FROM durable.instances
            WHERE status IN {Ended} AND ($1::timestamptz IS NULL OR created_at >= $1) AND ($2::timestamptz IS NULL OR created_at <= $2)
              AND ($3::text[] IS NULL OR status = ANY ($3))
            """, recursive));
        AddFilter(command, filter.CreatedFrom, filter.CreatedTo, filter.Statuses);
        command.CommandTimeout = 0;
        return (int)(long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>What a query would find after the last update of an instance.</summary>
    public static OrchestrationMetadata Describe(InstanceRecord record, InstanceUpdate last, bool payloads) => new(record.Name, record.InstanceId)
    {
        RuntimeStatus = last.Status,
        CreatedAt = record.CreatedAt,
        LastUpdatedAt = last.UpdatedAt,
        SerializedInput = payloads ? record.Input : null,
        SerializedOutput = payloads ? last.Output : null,
        SerializedCustomStatus = payloads ? last.CustomStatus : null,
        FailureDetails = Failure(last.Failure),
        Tags = Tags(record.Tags),
        DataConverter = payloads ? DurableJson.Default : null,
    };

    private static string Purge(string chosen, bool recursive) => $"""
        WITH RECURSIVE doomed(id) AS (
          {chosen}
          {(recursive ? "UNION SELECT child.instance_id FROM durable.instances child JOIN doomed ON child.parent_id = doomed.id" : "")}
        ), gone AS (
          DELETE FROM durable.instances i USING doomed WHERE i.instance_id = doomed.id AND i.status IN {Ended} RETURNING i.instance_id
        ), forgotten AS (
          DELETE FROM durable.history h USING gone WHERE h.instance_id = gone.instance_id
        )
        SELECT count(*) FROM gone
        """;

    private static void AddFilter(
        NpgsqlCommand command, DateTimeOffset? from, DateTimeOffset? to, IEnumerable<OrchestrationRuntimeStatus>? statuses)
    {
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = from?.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = to?.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string[]?> { TypedValue = statuses?.Select(status => status.ToString()).ToArray() });
    }

    private static OrchestrationMetadata Read(NpgsqlDataReader reader, bool payloads) => new(reader.GetString(1), reader.GetString(0))
    {
        RuntimeStatus = Enum.Parse<OrchestrationRuntimeStatus>(reader.GetString(2)),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(3),
        LastUpdatedAt = reader.GetFieldValue<DateTimeOffset>(4),
        SerializedInput = Text(reader, 5),
        SerializedOutput = Text(reader, 6),
        SerializedCustomStatus = Text(reader, 7),
        FailureDetails = Failure(Text(reader, 8)),
        Tags = Tags(Text(reader, 9)),
        DataConverter = payloads ? DurableJson.Default : null,
    };

    private static TaskFailureDetails? Failure(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<TaskFailureDetails>(json, DurableJson.Options);

    private static Dictionary<string, string> Tags(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(json, DurableJson.Options)!;

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
