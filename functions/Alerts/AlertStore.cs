using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using static WhatsOps.Database.SqlParameters;

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
            due_levels AS (
              UPDATE whatsops.alert_escalations e SET next_look_at = NULL WHERE e.next_look_at <= $1 RETURNING e.fingerprint),
            places AS (
              SELECT f.fingerprint FROM whatsops.findings f JOIN consumed c ON c.finding_id = f.id
              UNION
              SELECT d.fingerprint FROM due d
              UNION
              SELECT d.fingerprint FROM due_levels d)
            SELECT f.*, e.started_at AS clock_started_at, e.severity AS clock_severity, e.level AS clock_level,
              (SELECT array_agg(o.kind ORDER BY o.id) FROM whatsops.findings o
               WHERE o.system = f.system AND o.tenant = f.tenant AND o.instance IS NOT DISTINCT FROM f.instance AND o.state NOT IN ('closed', 'accepted') AND o.id <> f.id) AS other_kinds,
              (SELECT array_agg(o.severity ORDER BY o.id) FROM whatsops.findings o
               WHERE o.system = f.system AND o.tenant = f.tenant AND o.instance IS NOT DISTINCT FROM f.instance AND o.state NOT IN ('closed', 'accepted') AND o.id <> f.id) AS other_severities
            FROM places p
            CROSS JOIN LATERAL (SELECT l.* FROM whatsops.findings l WHERE l.fingerprint = p.fingerprint ORDER BY l.id DESC LIMIT 1) f
            LEFT JOIN whatsops.alert_escalations e ON e.fingerprint = f.fingerprint
            """,
            connection);
        command.Parameters.Add(Time(now));
        command.Parameters.Add(new() { Value = ChangesAtOnce });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var candidates = new List<AlertCandidate>();
        while (await row.ReadAsync(cancellation)) candidates.Add(Candidate(row, now));
        return candidates;
    }

    /// <summary>The open incidents that may explain others.</summary>
    public async Task<IReadOnlyList<Finding>> SourcesAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT f.* FROM whatsops.findings f WHERE f.state <> 'closed' AND f.kind = ANY($1)", connection);
        command.Parameters.Add(new() { Value = Inhibitions.Sources.ToArray() });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var sources = new List<Finding>();
        while (await row.ReadAsync(cancellation)) sources.Add(FindingReader.Read(row, now));
        return sources;
    }

    /// <summary>How many open findings an incident holds back; 0 for what is none.</summary>
    public async Task<int> CountHeldAsync(Finding source, CancellationToken cancellation)
    {
        var rows = Inhibitions.All.Where(row => row.Source == source.Kind).ToArray();
        if (rows.Length == 0) return 0;
        await using var command = new NpgsqlCommand(
            "SELECT gateway, kind, count(*)::int FROM whatsops.findings WHERE system = $1 AND state = 'open' AND kind = ANY($2) GROUP BY 1, 2", connection);
        command.Parameters.Add(new() { Value = source.System });
        command.Parameters.Add(new() { Value = rows.SelectMany(row => row.Held).Distinct().ToArray() });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var held = 0;
        while (await row.ReadAsync(cancellation))
            if (rows.Any(rule => rule.Holds(source, source.System, row.IsDBNull(0) ? null : row.GetString(0), row.GetString(1)))) held += row.GetInt32(2);
        return held;
    }

    /// <summary>Who was told of these findings, oldest first.</summary>
    public async Task<ILookup<long, Telling>> TellingsAsync(IEnumerable<long> findings, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT finding_id, at, reason FROM whatsops.finding_changes WHERE finding_id = ANY($1) AND change = 'told' ORDER BY id", connection);
        command.Parameters.Add(new() { Value = findings.ToArray() });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var tellings = new List<(long Finding, Telling Telling)>();
        while (await row.ReadAsync(cancellation)) tellings.Add((row.GetInt64(0), new(row.GetFieldValue<DateTimeOffset>(1), row.GetString(2))));
        return tellings.ToLookup(telling => telling.Finding, telling => telling.Telling);
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

    public async Task NoteAsync(IReadOnlyList<PlannedNote> notes, CancellationToken cancellation)
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

    /// <summary>Writes the clocks that run and removes those that do not.</summary>
    public async Task ClockAsync(IReadOnlyList<(string Fingerprint, EscalationDecision Decision)> clocks, CancellationToken cancellation)
    {
        if (clocks.Count == 0) return;
        var running = clocks.Where(clock => clock.Decision.Clock is not null).ToArray();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("DELETE FROM whatsops.alert_escalations WHERE fingerprint = ANY($1)")
        {
            Parameters = { Array(NpgsqlDbType.Text, clocks.Where(clock => clock.Decision.Clock is null).Select(clock => clock.Fingerprint)) },
        });
        batch.BatchCommands.Add(new(
            """
            INSERT INTO whatsops.alert_escalations (fingerprint, started_at, severity, level, next_look_at)
            SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::smallint[], $4::int[], $5::timestamptz[])
            ON CONFLICT (fingerprint) DO UPDATE
            SET started_at = EXCLUDED.started_at, severity = EXCLUDED.severity, level = EXCLUDED.level, next_look_at = EXCLUDED.next_look_at
            """)
        {
            Parameters =
            {
                Array(NpgsqlDbType.Text, running.Select(clock => clock.Fingerprint)),
                Array(NpgsqlDbType.TimestampTz, running.Select(clock => clock.Decision.Clock!.StartedAt.UtcDateTime)),
                Array(NpgsqlDbType.Smallint, running.Select(clock => (short)clock.Decision.Clock!.Severity)),
                Array(NpgsqlDbType.Integer, running.Select(clock => clock.Decision.Clock!.Level)),
                Array(NpgsqlDbType.TimestampTz, running.Select(clock => clock.Decision.LookAgain?.UtcDateTime)),
            },
        });
        await batch.ExecuteNonQueryAsync(cancellation);
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

    private static AlertCandidate Candidate(NpgsqlDataReader row, DateTimeOffset now)
    {
        var finding = FindingReader.Read(row, now);
        int acknowledged = row.GetOrdinal("acknowledged_severity"), clock = row.GetOrdinal("clock_started_at"), kinds = row.GetOrdinal("other_kinds");
        var others = row.IsDBNull(kinds) ? [] : row.GetFieldValue<string[]>(kinds).Zip(row.GetFieldValue<short[]>(row.GetOrdinal("other_severities")));
        return new(
            row.GetString(row.GetOrdinal("fingerprint")),
            finding,
            finding.Severity,
            row.IsDBNull(acknowledged) ? null : (Severity)row.GetInt16(acknowledged),
            [.. others.Select(other => finding with { Kind = other.First, Severity = (Severity)other.Second })],
            row.IsDBNull(clock)
                ? null
                : new(row.GetFieldValue<DateTimeOffset>(clock), (Severity)row.GetInt16(row.GetOrdinal("clock_severity")), row.GetInt32(row.GetOrdinal("clock_level"))));
    }

    private static NpgsqlParameter Array<T>(NpgsqlDbType type, IEnumerable<T> values) => new() { Value = values.ToArray(), NpgsqlDbType = type | NpgsqlDbType.Array };

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values) => command.Parameters.Add(Array(type, values));
}
