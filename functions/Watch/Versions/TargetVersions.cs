using Npgsql;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Watch;

/// <summary>SQL of the versions that targets were last seen in.</summary>
internal sealed class TargetVersions(NpgsqlDataSource database)
{
    /// <summary>Keeps the version that a part of a target is of, and tells its last change where that is young; the first version that is ever seen is none.</summary>
    public async Task<VersionChange?> SeeAsync(string system, string target, string part, string version, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO whatsops.target_versions AS v (system, target, part, version, seen_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (system, target, part) DO UPDATE
            SET version = excluded.version, seen_at = excluded.seen_at,
                previous = CASE WHEN v.version = excluded.version THEN v.previous ELSE v.version END,
                changed_at = CASE WHEN v.version = excluded.version THEN v.changed_at ELSE excluded.seen_at END
            RETURNING previous, changed_at
            """);
        foreach (var value in (object[])[system, target, part, version]) command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(Time(now));
        await using var row = await command.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return !row.IsDBNull(1) && row.GetFieldValue<DateTimeOffset>(1) is var at && now - at < VersionChange.Told ? new(part, row.GetString(0), version, at) : null;
    }
}
