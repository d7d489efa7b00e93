using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Embedded.Durable;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Runbooks.Histories;

/// <summary>What the durable engine stored of one run, as a committed file: a run that one release began must find its way in every later one.</summary>
/// <param name="Outcome">The run's final state, which is the orchestration's output, too.</param>
/// <param name="Input">JSON, as stored; the same holds for the payloads of the events.</param>
/// <param name="Events">Those of the last generation, if waits made it start over.</param>
internal sealed record RecordedHistory(
    string Runbook, int Version, string Scenario, string Outcome, string Orchestrator, string InstanceId, string Input, DateTime StartedAt, IReadOnlyList<RecordedEvent> Events)
{
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerOptions.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string Folder = Path.Combine(Repository.Root, "tests/Integration/Runbooks/Histories");

    /// <summary>Every history on record.</summary>
    public static IReadOnlyList<RecordedHistory> All { get; } = [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(file =>
        JsonSerializer.Deserialize<RecordedHistory>(File.ReadAllText(file), Compact)! with { FileName = Path.GetFileName(file) })];

    [JsonIgnore]
    public string FileName { get; init; } = "of today";

    /// <summary>The steps that were asked for, in order.</summary>
    [JsonIgnore]
    public IEnumerable<StepCall> Calls => Events.Where(happened => happened.Kind == nameof(EventKind.ActivityScheduled))
        .Select(happened => JsonSerializer.Deserialize<StepCall>(happened.Payload!, JsonSerializerOptions.Web)!);

    /// <summary>Writes the file of a release, one line per event. A history that is there stays: rewritten by the code that it is to test, it would test nothing.</summary>
    public void Save(string release)
    {
        var file = Path.Combine(Folder, $"{Runbook}-v{Version}-{Scenario.Replace(",", "", StringComparison.Ordinal).Replace(' ', '-')}-{release}.json");
        if (File.Exists(file)) return;
        var head = JsonSerializer.Serialize(this with { Events = [] }, Compact);
        File.WriteAllText(file, $"{head[..^2]}\n{string.Join(",\n", Events.Select(happened => JsonSerializer.Serialize(happened, Compact)))}\n]}}\n");
    }

    /// <summary>The stored history of an orchestration that has ended.</summary>
    public static async Task<RecordedHistory> ReadAsync(NpgsqlDataSource database, Runbook runbook, string scenario, string instanceId)
    {
        var events = new List<RecordedEvent>();
        await using (var command = database.CreateCommand("SELECT seq, kind, at, task, name, target, payload FROM durable.history WHERE instance_id = $1 ORDER BY generation, seq"))
        {
            command.Parameters.Add(new() { Value = instanceId });
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync()) events.Add(new(row.GetInt32(0), row.GetString(1), row.GetDateTime(2), row.GetInt32(3), Text(row, 4), Text(row, 5), Text(row, 6)));
        }

        await using var instance = database.CreateCommand("SELECT name, input, started_at, output FROM durable.instances WHERE instance_id = $1 AND status = 'Completed'");
        instance.Parameters.Add(new() { Value = instanceId });
        await using var found = await instance.ExecuteReaderAsync();
        Assert.True(await found.ReadAsync(), $"{instanceId} has ended");
        return new(
            runbook.Name, runbook.Version, scenario, JsonSerializer.Deserialize<string>(found.GetString(3))!, found.GetString(0), instanceId, found.GetString(1), found.GetDateTime(2), events);
    }

    /// <summary>Puts it into a database as an orchestration whose process died before it could store the end.</summary>
    public async Task PutAsync(NpgsqlDataSource database)
    {
        await DurableSchema.EnsureAsync(database, default);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(
            """
            INSERT INTO durable.instances (instance_id, generation, name, version, status, input, created_at, started_at, updated_at)
            VALUES ($1, 0, $2, '', 'Running', $3, $4, $4, $4)
            """,
            InstanceId, Orchestrator, Input, StartedAt));
        foreach (var happened in Events)
            batch.BatchCommands.Add(Command(
                "INSERT INTO durable.history (instance_id, generation, seq, kind, at, task, name, target, payload) VALUES ($1, 0, $2, $3, $4, $5, $6, $7, $8)",
                InstanceId, happened.Seq, happened.Kind, happened.At, happened.Task, Nullable(happened.Name), Nullable(happened.Target), Nullable(happened.Payload)));
        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlBatchCommand Command(string sql, params IEnumerable<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        return command;
    }

    private static NpgsqlParameter Nullable(string? text) => new() { Value = text ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
