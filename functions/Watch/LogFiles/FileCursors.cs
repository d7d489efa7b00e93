using Npgsql;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Watch;

/// <summary>Up to where the log files of targets were read.</summary>
internal sealed class FileCursors(NpgsqlDataSource database)
{
    /// <summary>Null: it was not read yet.</summary>
    public async Task<FileCursor?> ReadAsync(string system, string target, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT position, head_length, head_hash, size, modified_at, grown_at, read_at FROM whatsops.file_cursors WHERE system = $1 AND target = $2");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = target });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(row.GetInt64(0), new(row.GetInt32(1), row.GetFieldValue<byte[]>(2)), row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6))
            : null;
    }

    public async Task WriteAsync(string system, string target, FileCursor cursor, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO whatsops.file_cursors (system, target, position, head_length, head_hash, size, modified_at, grown_at, read_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (system, target) DO UPDATE SET position = excluded.position, head_length = excluded.head_length, head_hash = excluded.head_hash,
              size = excluded.size, modified_at = excluded.modified_at, grown_at = excluded.grown_at, read_at = excluded.read_at
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = target });
        command.Parameters.Add(new() { Value = cursor.Position });
        command.Parameters.Add(new() { Value = cursor.Head.Length });
        command.Parameters.Add(new() { Value = cursor.Head.Hash.ToArray() });
        command.Parameters.Add(new() { Value = cursor.Size });
        command.Parameters.Add(Time(cursor.ModifiedAt));
        command.Parameters.Add(Time(cursor.GrownAt));
        command.Parameters.Add(Time(cursor.ReadAt));
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
