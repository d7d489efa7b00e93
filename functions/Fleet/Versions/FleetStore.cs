using System.Text.Json;
using Npgsql;

namespace WhatsOps.Fleet;

/// <summary>The applied fleet files in the database, newest in force.</summary>
internal sealed class FleetStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>The newest version above <paramref name="known"/>, or null when there is none.</summary>
    public async Task<FleetVersion?> NewestAsync(long known, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT version, document, applied_at, applied_by FROM whatsops.fleet_versions WHERE version > $1 ORDER BY version DESC LIMIT 1");
        command.Parameters.Add(new() { Value = known });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var document = JsonSerializer.Deserialize<FleetDocument>(reader.GetString(1), FleetJson.Options)!;
        return new FleetVersion(reader.GetInt64(0), document, reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3));
    }

    /// <summary>Stores a valid document as the newest version; every rejection before it is resolved.</summary>
    /// <param name="onlyFirst">Do nothing (null) when there is a version already: many processes may start at once.</param>
    public async Task<FleetVersion?> AddAsync(FleetDocument document, string json, string by, string changes, bool onlyFirst, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"""
            LOCK TABLE whatsops.fleet_versions IN SHARE ROW EXCLUSIVE MODE;
            INSERT INTO whatsops.fleet_versions (document, applied_at, applied_by, changes)
              SELECT @document::json, @now, @by, @changes {(onlyFirst ? "WHERE NOT EXISTS (SELECT FROM whatsops.fleet_versions)" : "")}
              RETURNING version
            """, connection, transaction);
        command.Parameters.AddWithValue("document", json);
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("by", by);
        command.Parameters.AddWithValue("changes", changes);
        if (await command.ExecuteScalarAsync(cancellation) is not long version) return null;
        await using var resolve = new NpgsqlCommand(
            "UPDATE whatsops.fleet_rejections SET resolved_at = $1 WHERE resolved_at IS NULL", connection, transaction);
        resolve.Parameters.Add(new() { Value = now });
        await resolve.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new FleetVersion(version, document, now, by);
    }
}
