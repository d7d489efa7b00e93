using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Health;

/// <summary>Reports of sweeps, and the lease that lets one process at a time sweep a system.</summary>
internal sealed class SweepStore(NpgsqlDataSource database)
{
    private const int KeepDays = 7;

    // 10,000 instances are 1.2 MB a report, compressed: a week of them would be 2.4 GB that nobody reads.
    private const int WholeHours = 1;

    /// <summary>True when the system is the owner's until <paramref name="until"/>.</summary>
    public async Task<bool> TryLeaseAsync(string system, Guid owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO whatsops.system_sweeps AS s (system, owner, leased_until) VALUES ($1, $2, $4)
            ON CONFLICT (system) DO UPDATE SET owner = $2, leased_until = $4 WHERE s.owner IS NULL OR s.leased_until <= $3
            RETURNING 1
            """);
        Add(command, Text(system), new() { Value = owner }, Time(now), Time(until));
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    public async Task ReleaseAsync(string system, Guid owner, SystemReport? report, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE whatsops.system_sweeps SET owner = NULL, finished_at = coalesce($3, finished_at), report = coalesce($4, report)
            WHERE system = $1 AND owner = $2
            """);
        Add(
            command,
            Text(system),
            new() { Value = owner },
            new() { Value = report is null ? DBNull.Value : report.FinishedAt.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = report is null ? DBNull.Value : JsonSerializer.Serialize(report, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A report of the system that somebody finished after a time; null: none yet.</summary>
    public async Task<SystemReport?> FinishedSinceAsync(string system, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT report FROM whatsops.system_sweeps WHERE system = $1 AND finished_at >= $2");
        Add(command, Text(system), Time(since));
        return await command.ExecuteScalarAsync(cancellation) is string json ? JsonSerializer.Deserialize<SystemReport>(json, JsonSerializerOptions.Web) : null;
    }

    /// <summary>The systems swept before, in the order in which their next turns are due: first those not finished, then those whose last turn began latest.</summary>
    public async Task<IReadOnlyList<string>> TurnsAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT system FROM whatsops.system_sweeps WHERE report IS NOT NULL
            ORDER BY (report ->> 'complete')::boolean, (report ->> 'startedAt')::timestamptz DESC, system
            """);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var turns = new List<string>();
        while (await row.ReadAsync(cancellation)) turns.Add(row.GetString(0));
        return turns;
    }

    public async Task SaveAsync(SweepReport report, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("INSERT INTO whatsops.sweeps (id, started_at, finished_at, complete, status, report) VALUES ($1, $2, $3, $4, $5, $6)")
        {
            Parameters =
            {
                new() { Value = report.Id },
                Time(report.StartedAt),
                Time(report.FinishedAt),
                new() { Value = report.Complete },
                new() { Value = report.OverallStatus.ToString().ToLowerInvariant() },
                new() { Value = JsonSerializer.Serialize(report, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb },
            },
        });
        batch.BatchCommands.Add(new("UPDATE whatsops.sweeps SET report = report - 'systems' WHERE started_at < $1 AND report ? 'systems'") { Parameters = { Time(report.StartedAt.AddHours(-WholeHours)) } });
        batch.BatchCommands.Add(new("DELETE FROM whatsops.sweeps WHERE started_at < $1") { Parameters = { Time(report.StartedAt.AddDays(-KeepDays)) } });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<SweepReport?> LatestAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT report FROM whatsops.sweeps ORDER BY started_at DESC LIMIT 1");
        return await command.ExecuteScalarAsync(cancellation) is string json ? JsonSerializer.Deserialize<SweepReport>(json, JsonSerializerOptions.Web) : null;
    }

    /// <summary>When the last complete sweep ended; null: there was none.</summary>
    public async Task<DateTimeOffset?> LastCompleteAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT max(finished_at) FROM whatsops.sweeps WHERE complete");
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) && !row.IsDBNull(0) ? row.GetFieldValue<DateTimeOffset>(0) : null;
    }

    private static void Add(NpgsqlCommand command, params NpgsqlParameter[] parameters) => command.Parameters.AddRange(parameters);

    private static NpgsqlParameter Text(string value) => new() { Value = value };
}
