using Npgsql;
using NpgsqlTypes;
using WhatsOps.Fleet;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Watch;

/// <summary>Which alerts fire, as Alertmanagers told: it repeats those that fire, and says once when one is resolved.</summary>
internal sealed class AlertmanagerStore(NpgsqlDataSource database)
{
    public async Task SaveAsync(string system, string target, IReadOnlyCollection<ExternalAlert> firing, IReadOnlyCollection<ExternalAlert> resolved, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("DELETE FROM whatsops.external_alerts WHERE system = $1 AND target = $2 AND fingerprint = ANY ($3)")
        {
            Parameters = { new() { Value = system }, new() { Value = target }, new() { Value = resolved.Select(alert => alert.Fingerprint).ToArray() } },
        });
        batch.BatchCommands.Add(new(
            """
            INSERT INTO whatsops.external_alerts (system, target, fingerprint, name, severity, words, since, heard_at)
            SELECT $1, $2, a.fingerprint, a.name, a.severity, a.words, a.since, $8 FROM unnest($3, $4, $5, $6, $7) AS a(fingerprint, name, severity, words, since)
            ON CONFLICT (system, target, fingerprint) DO UPDATE SET severity = excluded.severity, words = excluded.words, since = excluded.since, heard_at = excluded.heard_at
            """)
        {
            Parameters =
            {
                new() { Value = system },
                new() { Value = target },
                new() { Value = firing.Select(alert => alert.Fingerprint).ToArray() },
                new() { Value = firing.Select(alert => alert.Name).ToArray() },
                new() { Value = firing.Select(alert => alert.Severity.ToString()).ToArray() },
                new() { Value = firing.Select(alert => alert.Words).ToArray() },
                new() { Value = firing.Select(alert => (object?)alert.Since?.UtcDateTime ?? DBNull.Value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz },
                Time(at),
            },
        });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<IReadOnlyList<(ExternalAlert Alert, DateTimeOffset HeardAt)>> FiringAsync(string system, string target, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT fingerprint, name, severity, words, since, heard_at FROM whatsops.external_alerts WHERE system = $1 AND target = $2 ORDER BY name, fingerprint");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = target });
        var firing = new List<(ExternalAlert, DateTimeOffset)>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            firing.Add((
                new(row.GetString(0), row.GetString(1), Enum.Parse<Severity>(row.GetString(2)), row.GetString(3), row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4)),
                row.GetFieldValue<DateTimeOffset>(5)));
        return firing;
    }
}
