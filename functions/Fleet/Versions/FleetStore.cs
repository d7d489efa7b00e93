using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace WhatsOps.Fleet;

/// <summary>The applied fleet files in the database, newest in force, and the refused ones.</summary>
internal sealed class FleetStore(NpgsqlDataSource database, TimeProvider time, ILogger<FleetStore> log) : IFleetRejections
{
    /// <summary>The newest readable version above <paramref name="known"/>, or null when there is none.</summary>
    public async Task<FleetVersion?> NewestAsync(long known, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT version, document, applied_at, applied_by FROM whatsops.fleet_versions WHERE version > $1 ORDER BY version DESC LIMIT 5");
        command.Parameters.Add(new() { Value = known });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            try
            {
                var document = JsonSerializer.Deserialize<FleetDocument>(reader.GetString(1), FleetJson.Options)!;
                return new FleetVersion(reader.GetInt64(0), document, reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3));
            }
            catch (JsonException problem)
            {
                // Written by a newer WhatsOps: the last version that this one understands is better than none.
                log.LogError("Fleet version {Version} cannot be read by this version of WhatsOps at {Path}; the one before it is used.", reader.GetInt64(0), problem.Path);
            }
        }

        return null;
    }

    /// <summary>Number and text of the newest version; nulls when there is none.</summary>
    public async Task<(long? Version, string? Text)> NewestTextAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT version, document::text FROM whatsops.fleet_versions ORDER BY version DESC LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt64(0), reader.GetString(1)) : (null, null);
    }

    public async Task<IReadOnlyList<AppliedFleet>> ListAsync(int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT version, applied_at, applied_by, changes FROM whatsops.fleet_versions ORDER BY version DESC LIMIT $1");
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var versions = new List<AppliedFleet>();
        while (await reader.ReadAsync(cancellation))
            versions.Add(new AppliedFleet(reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3)));
        return versions;
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
        await ResolveAsync(new NpgsqlCommand { Connection = connection, Transaction = transaction }, cancellation);
        await transaction.CommitAsync(cancellation);
        return new FleetVersion(version, document, now, by);
    }

    public async Task RejectAsync(string by, IReadOnlyList<FleetProblem> problems, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("INSERT INTO whatsops.fleet_rejections (rejected_at, rejected_by, problems) VALUES ($1, $2, $3::json)");
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(new() { Value = by });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(problems, JsonSerializerOptions.Web) });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public Task ResolveRejectionsAsync(CancellationToken cancellation) => ResolveAsync(database.CreateCommand(), cancellation);

    public async Task<FleetRejection?> StandingAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT rejected_at, rejected_by, problems::text FROM whatsops.fleet_rejections WHERE resolved_at IS NULL ORDER BY id DESC LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new FleetRejection(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), JsonSerializer.Deserialize<List<FleetProblem>>(reader.GetString(2), JsonSerializerOptions.Web)!)
            : null;
    }

    private async Task ResolveAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
        {
            command.CommandText = "UPDATE whatsops.fleet_rejections SET resolved_at = $1 WHERE resolved_at IS NULL";
            command.Parameters.Add(new() { Value = time.GetUtcNow() });
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
