using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>SQL of the planning: what has changed, what was told, what is to be sent. All of it inside the planner's transaction.</summary>
internal sealed class AlertStore(NpgsqlConnection connection)
{
    private const int ChangesAtOnce = 20_000;

    /// <summary>False: another process is planning now.</summary>
    public async Task<bool> TryLockAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock(hashtextextended('whatsops.alerts', 0))", connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    /// <summary>Consumes the waiting changes and gives the latest finding of every place that changed or is due for another look.</summary>
    public async Task<IReadOnlyList<AlertCandidate>> TakeAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH waiting AS (
              SELECT c.id FROM whatsops.finding_changes c WHERE c.consumed_at IS NULL ORDER BY c.id LIMIT $2 FOR UPDATE SKIP LOCKED),
            consumed AS (
              UPDATE whatsops.finding_changes c SET consumed_at = $1 FROM waiting w WHERE c.id = w.id RETURNING c.finding_id),
            due AS (
              UPDATE whatsops.alert_notes n SET next_look_at = NULL WHERE n.next_look_at <= $1 RETURNING n.fingerprint),
            places AS (
              SELECT f.fingerprint FROM whatsops.findings f JOIN consumed c ON c.finding_id = f.id
              UNION
              SELECT d.fingerprint FROM due d)
            SELECT f.*,
              f.tenant IS NOT NULL AND EXISTS (
                SELECT 1 FROM whatsops.findings g
                WHERE g.system = f.system AND g.check_name = 'gateway' AND g.state <> 'closed' AND g.gateway = f.gateway AND g.tenant IS NULL AND g.severity = 4) AS inhibited,
              (SELECT max(o.severity) FROM whatsops.findings o
               WHERE o.system = f.system AND o.tenant = f.tenant AND o.instance IS NOT DISTINCT FROM f.instance AND o.state NOT IN ('closed', 'accepted') AND o.id <> f.id) AS elsewhere
            FROM places p
            CROSS JOIN LATERAL (SELECT l.* FROM whatsops.findings l WHERE l.fingerprint = p.fingerprint ORDER BY l.id DESC LIMIT 1) f
            """,
            connection);
        command.Parameters.Add(Time(now));
        command.Parameters.Add(new() { Value = ChangesAtOnce });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var candidates = new List<AlertCandidate>();
        int fingerprint = row.GetOrdinal("fingerprint"), acknowledged = row.GetOrdinal("acknowledged_severity"), inhibited = row.GetOrdinal("inhibited"), elsewhere = row.GetOrdinal("elsewhere");
        while (await row.ReadAsync(cancellation))
            candidates.Add(new AlertCandidate(
                row.GetString(fingerprint),
                FindingReader.Read(row, now),
                row.IsDBNull(acknowledged) ? null : (Severity)row.GetInt16(acknowledged),
                row.GetBoolean(inhibited),
                row.IsDBNull(elsewhere) ? null : (Severity)row.GetInt16(elsewhere)));
        return candidates;
    }

    /// <summary>Notes by route and fingerprint.</summary>
    public async Task<Dictionary<(string Route, string Fingerprint), AlertNote>> NotesAsync(IEnumerable<string> fingerprints, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT route, fingerprint, told_at, told_severity, recovered_at FROM whatsops.alert_notes WHERE fingerprint = ANY($1)", connection);
        command.Parameters.Add(new() { Value = fingerprints.ToArray() });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var notes = new Dictionary<(string, string), AlertNote>();
        while (await row.ReadAsync(cancellation))
            notes[(row.GetString(0), row.GetString(1))] = new AlertNote(
                row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2),
                row.IsDBNull(3) ? null : (Severity)row.GetInt16(3),
                row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4));
        return notes;
    }

    public async Task NoteAsync(IReadOnlyList<(string Route, AlertCandidate Candidate, AlertNote Note, DateTimeOffset? LookAgain)> notes, CancellationToken cancellation)
    {
        if (notes.Count == 0) return;
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO whatsops.alert_notes (route, fingerprint, system, told_at, told_severity, recovered_at, next_look_at)
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::smallint[], $6::timestamptz[], $7::timestamptz[])
            ON CONFLICT (route, fingerprint) DO UPDATE
            SET told_at = EXCLUDED.told_at, told_severity = EXCLUDED.told_severity, recovered_at = EXCLUDED.recovered_at, next_look_at = EXCLUDED.next_look_at
            """,
            connection);
        Add(command, NpgsqlDbType.Text, notes.Select(note => note.Route));
        Add(command, NpgsqlDbType.Text, notes.Select(note => note.Candidate.Fingerprint));
        Add(command, NpgsqlDbType.Text, notes.Select(note => note.Candidate.Finding.System));
        Add(command, NpgsqlDbType.TimestampTz, notes.Select(note => note.Note.ToldAt?.UtcDateTime));
        Add(command, NpgsqlDbType.Smallint, notes.Select(note => (short?)note.Note.ToldSeverity));
        Add(command, NpgsqlDbType.TimestampTz, notes.Select(note => note.Note.RecoveredAt?.UtcDateTime));
        Add(command, NpgsqlDbType.TimestampTz, notes.Select(note => note.LookAgain?.UtcDateTime));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task EnqueueAsync(Guid id, string route, string system, AlertMessage message, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO whatsops.alert_outbox (id, route, system, message, created_at) VALUES ($1, $2, $3, $4, $5)", connection);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = route });
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = JsonSerializer.Serialize(message, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(Time(now));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Time(DateTimeOffset value) => new() { Value = value.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = type | NpgsqlDbType.Array });
}
