using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Database;

namespace WhatsOps.Backups;

/// <summary>The catalogue of sets in the operations database. The manifests in storage are the truth it is rebuilt from.</summary>
internal sealed class BackupCatalogue(NpgsqlDataSource database)
{
    /// <summary>A limit that leaves nothing out: for what decides over every set, retention above all.</summary>
    public const int All = int.MaxValue;

    private const string Columns = "system, id, state, requested_at, requested_by, ended_at, bytes, progress, problem, tested_at, restore_seconds, test_problem, held_by, manifest";

    /// <summary>Opens a set; null while another of the system is running.</summary>
    public async Task<BackupSet?> OpenAsync(string system, Guid id, string? by, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = Command(
            $"INSERT INTO whatsops.backup_sets (id, system, state, requested_at, requested_by) VALUES ($1, $2, 'running', $3, $4) ON CONFLICT (system) WHERE state = 'running' DO NOTHING RETURNING {Columns}",
            id, system, now, by);
        return await FirstAsync(command, cancellation);
    }

    public async Task<BackupSet?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = Command($"SELECT {Columns} FROM whatsops.backup_sets WHERE id = $1", id);
        return await FirstAsync(command, cancellation);
    }

    /// <summary>The newest complete set of a system.</summary>
    public async Task<BackupSet?> NewestAsync(string system, CancellationToken cancellation) =>
        await ListAsync(system, BackupState.Complete, 1, cancellation) is [var newest] ? newest : null;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<BackupSet>> ListAsync(string? system, BackupState? state, int limit, CancellationToken cancellation)
    {
        await using var command = Command(
            $"SELECT {Columns} FROM whatsops.backup_sets WHERE ($1::text IS NULL OR system = $1) AND ($2::text IS NULL OR state = $2) ORDER BY requested_at DESC, id DESC LIMIT $3",
            Text(system), Text(state is { } one ? SnakeName<BackupState>.Of(one) : null), limit);
        var sets = new List<BackupSet>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) sets.Add(Read(reader));
        return sets;
    }

    /// <summary>The parts of a running set that are stored.</summary>
    public async Task<IReadOnlyList<BackupPart>> PartsAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = Command("SELECT part FROM whatsops.backup_parts WHERE set_id = $1 ORDER BY name", id);
        var parts = new List<BackupPart>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) parts.Add(Json<BackupPart>(reader.GetString(0)));
        return parts;
    }

    public Task AddPartAsync(Guid id, BackupPart part, CancellationToken cancellation) => ExecuteAsync(Command(
        "INSERT INTO whatsops.backup_parts (set_id, name, part) VALUES ($1, $2, $3) ON CONFLICT (set_id, name) DO UPDATE SET part = excluded.part", id, part.Name, Jsonb(part)), cancellation);

    public Task ProgressAsync(Guid id, BackupProgress progress, CancellationToken cancellation) =>
        ExecuteAsync(Command("UPDATE whatsops.backup_sets SET progress = $2 WHERE id = $1 AND state = 'running'", id, Jsonb(progress)), cancellation);

    public Task CompleteAsync(BackupManifest manifest, CancellationToken cancellation) => ExecuteAsync(Command(
        """
        WITH parts AS (DELETE FROM whatsops.backup_parts WHERE set_id = $1)
        INSERT INTO whatsops.backup_sets (id, system, state, requested_at, requested_by, ended_at, bytes, manifest) VALUES ($1, $2, 'complete', $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO UPDATE SET state = 'complete', ended_at = excluded.ended_at, bytes = excluded.bytes, manifest = excluded.manifest, progress = NULL, problem = NULL
          WHERE backup_sets.state IN ('running', 'failed')
        """,
        manifest.Id, manifest.System, manifest.StartedAt, Text(manifest.RequestedBy), manifest.CompletedAt, manifest.Parts.Sum(part => part.Bytes), Jsonb(manifest)), cancellation);

    public Task FailAsync(Guid id, string problem, DateTimeOffset now, CancellationToken cancellation) => ExecuteAsync(Command(
        """
        WITH parts AS (DELETE FROM whatsops.backup_parts WHERE set_id = $1)
        UPDATE whatsops.backup_sets SET state = 'failed', ended_at = $2, problem = $3, progress = NULL WHERE id = $1 AND state = 'running'
        """,
        id, now, problem), cancellation);

    /// <summary>False when somebody holds it meanwhile.</summary>
    public async Task<bool> DeleteAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = Command("UPDATE whatsops.backup_sets SET state = 'deleted' WHERE id = $1 AND state = 'complete' AND held_by IS NULL", id);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    public Task TestedAsync(Guid id, DateTimeOffset at, double seconds, CancellationToken cancellation) => ExecuteAsync(Command(
        "UPDATE whatsops.backup_sets SET tested_at = $2, restore_seconds = $3, test_problem = NULL WHERE id = $1", id, at, seconds), cancellation);

    public Task TestFailedAsync(Guid id, string problem, CancellationToken cancellation) =>
        ExecuteAsync(Command("UPDATE whatsops.backup_sets SET test_problem = $2 WHERE id = $1", id, problem), cancellation);

    /// <summary>Null releases. False when there is no such complete set.</summary>
    public async Task<bool> HoldAsync(Guid id, string? by, CancellationToken cancellation)
    {
        await using var command = Command("UPDATE whatsops.backup_sets SET held_by = $2 WHERE id = $1 AND state = 'complete'", id, Text(by));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private static BackupSet Read(NpgsqlDataReader row) => new()
    {
        System = row.GetString(0),
        Id = row.GetGuid(1),
        State = SnakeName<BackupState>.Parse(row.GetString(2)),
        RequestedAt = row.GetFieldValue<DateTimeOffset>(3),
        RequestedBy = row.IsDBNull(4) ? null : row.GetString(4),
        EndedAt = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
        Bytes = row.IsDBNull(6) ? null : row.GetInt64(6),
        Progress = row.IsDBNull(7) ? null : Json<BackupProgress>(row.GetString(7)),
        Problem = row.IsDBNull(8) ? null : row.GetString(8),
        TestedAt = row.IsDBNull(9) ? null : row.GetFieldValue<DateTimeOffset>(9),
        RestoreSeconds = row.IsDBNull(10) ? null : row.GetDouble(10),
        TestProblem = row.IsDBNull(11) ? null : row.GetString(11),
        HeldBy = row.IsDBNull(12) ? null : row.GetString(12),
        Manifest = row.IsDBNull(13) ? null : Json<BackupManifest>(row.GetString(13)),
    };

    private static T Json<T>(string text) => JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)!;

    private static NpgsqlParameter Jsonb<T>(T value) => new() { Value = JsonSerializer.Serialize(value, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static async Task<BackupSet?> FirstAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    private static async Task ExecuteAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command) await command.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value is DateTimeOffset at ? at.ToUniversalTime() : value ?? DBNull.Value });
        return command;
    }
}
