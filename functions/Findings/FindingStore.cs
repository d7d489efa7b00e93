using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Fleet;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Findings;

/// <summary>Findings in PostgreSQL. Every pass is a few set-based statements, whatever its size, and its changes commit with it.</summary>
internal sealed class FindingStore(NpgsqlDataSource database, TimeProvider time, IFindingOrigins? origins = null) : IFindings
{
    // Longer than any flapping; after that somebody should look again.
    private static readonly TimeSpan AcceptanceOutlives = TimeSpan.FromDays(7);

    private DateTimeOffset Now => time.GetUtcNow();

    public async Task<FindingChanges> RecordAsync(CheckRun run, IReadOnlyList<ObservedFinding> seen, CancellationToken cancellation)
    {
        if (seen.FirstOrDefault(finding => finding.Check != run.Check || finding.System != run.System || (run.Gateway is not null && finding.Gateway != run.Gateway)) is { } stray)
            throw new ArgumentException($"Finding {stray.Fingerprint} is outside the scope of {run.Check} over {run.System}/{run.Gateway ?? "*"}.", nameof(seen));

        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await LockAsync(connection, run.System, cancellation);
        var (opened, worsened) = await SeeAsync(connection, run.ObservedAt, seen, cancellation);
        var closed = run.Complete ? await CountGoodAsync(connection, run, cancellation) : [];
        await transaction.CommitAsync(cancellation);
        return new FindingChanges(opened, worsened, closed);
    }

    public async Task<Finding> RaiseAsync(ObservedFinding finding, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await LockAsync(connection, finding.System, cancellation);
        await SeeAsync(connection, at, [finding], cancellation);
        await using var latest = new NpgsqlCommand("SELECT f.* FROM whatsops.findings f WHERE f.fingerprint = $1 ORDER BY f.id DESC LIMIT 1", connection);
        latest.Parameters.Add(new() { Value = finding.Fingerprint });
        var raised = (await ReadAsync(latest, cancellation)).Single();
        await transaction.CommitAsync(cancellation);
        return raised;
    }

    public async Task<IReadOnlyList<Finding>> ListAsync(FindingQuery query, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT f.* FROM whatsops.findings f
            WHERE ($1::text IS NULL OR f.system = $1)
              AND ($2::text IS NULL OR f.tenant = $2)
              AND ($3::text IS NULL OR f.kind = $3)
              AND ($4::smallint IS NULL OR f.severity >= $4)
              AND ($5 OR f.state <> 'closed')
              AND ($6::bigint IS NULL OR f.id < $6)
              AND ($8::timestamptz IS NULL OR f.closed_at >= $8)
            ORDER BY f.id DESC LIMIT $7
            """);
        command.Parameters.Add(Text(query.System));
        command.Parameters.Add(Text(query.Tenant));
        command.Parameters.Add(Text(query.Kind));
        command.Parameters.Add(new() { Value = query.MinSeverity is { } least ? (short)least : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = query.IncludeClosed });
        command.Parameters.Add(new() { Value = query.BeforeId is { } before ? before : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = query.Limit });
        command.Parameters.Add(Time(query.ClosedSince));
        return await ReadAsync(command, cancellation);
    }

    public async Task<Finding?> FindAsync(long id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT f.* FROM whatsops.findings f WHERE f.id = $1");
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    public async Task<IReadOnlyList<FindingChange>> HistoryAsync(long id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT at, change, severity_before, severity, changed_by, reason FROM whatsops.finding_changes WHERE finding_id = $1 ORDER BY id");
        command.Parameters.Add(new() { Value = id });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var changes = new List<FindingChange>();
        while (await row.ReadAsync(cancellation))
            changes.Add(new FindingChange(
                row.GetFieldValue<DateTimeOffset>(0),
                row.GetString(1),
                row.IsDBNull(2) ? null : (Severity)row.GetInt16(2),
                (Severity)row.GetInt16(3),
                row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : row.GetString(5)));
        return changes;
    }

    public Task<Finding?> AcknowledgeAsync(long id, string by, CancellationToken cancellation) =>
        DecideAsync(id, "acknowledged", by, null, null, cancellation);

    public Task<Finding?> SilenceAsync(long id, string by, DateTimeOffset until, string? reason, CancellationToken cancellation) =>
        DecideAsync(id, "silenced", by, reason, until, cancellation);

    public Task<Finding?> AcceptAsync(long id, string by, string reason, CancellationToken cancellation) =>
        DecideAsync(id, "accepted", by, reason, null, cancellation);

    public Task<Finding?> CloseAsync(long id, string by, string reason, CancellationToken cancellation) =>
        DecideAsync(id, "closed", by, reason, null, cancellation);

    // One writer per system: two passes or a pass and an event never race for a fingerprint, and never deadlock.
    private async Task LockAsync(NpgsqlConnection connection, string system, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("SELECT pg_advisory_xact_lock(hashtextextended('whatsops.findings/' || $1, 0))") { Parameters = { Text(system) } });
        batch.BatchCommands.Add(new(
            """
            WITH expired AS (
              UPDATE whatsops.findings SET state = 'open', silenced_until = NULL
              WHERE system = $1 AND state = 'silenced' AND silenced_until <= $2 RETURNING id, system, severity)
            INSERT INTO whatsops.finding_changes (finding_id, system, at, change, severity)
            SELECT id, system, $2, 'silence_expired', severity FROM expired
            """)
        { Parameters = { Text(system), Time(Now) } });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<(IReadOnlyList<Finding> Opened, IReadOnlyList<Finding> Worsened)> SeeAsync(
        NpgsqlConnection connection, DateTimeOffset observedAt, IReadOnlyList<ObservedFinding> seen, CancellationToken cancellation)
    {
        if (seen.Count == 0) return ([], []);
        // Two rules may name the same place and kind in one pass: the worse one speaks.
        var findings = seen.GroupBy(finding => finding.Fingerprint).Select(same => same.MaxBy(finding => finding.Severity)!).ToArray();
        await using var command = new NpgsqlCommand(
            """
            WITH seen AS (
              SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[], $9::text[], $10::text[], $11::text[])
                AS s(fingerprint, kind, check_name, system, gateway, tenant, instance, severity, cause, evidence, remedy)),
            known AS (
              SELECT f.id, f.fingerprint, f.severity FROM whatsops.findings f JOIN seen s ON s.fingerprint = f.fingerprint WHERE f.state <> 'closed'),
            updated AS (
              UPDATE whatsops.findings f
              SET severity = s.severity, cause = s.cause, evidence = s.evidence::jsonb, remedy = s.remedy, last_seen_at = $12, good_observations = 0
              FROM seen s
              WHERE f.fingerprint = s.fingerprint AND f.state <> 'closed'
                -- An older look says nothing against a newer one.
                AND f.last_seen_at <= $12 AND (f.last_good_at IS NULL OR f.last_good_at <= $12)
              RETURNING f.*),
            inserted AS (
              INSERT INTO whatsops.findings
                (fingerprint, kind, check_name, system, gateway, tenant, instance, severity, cause, evidence, remedy, opened_at, last_seen_at, previous_id,
                 state, changed_by, reason, accepted_by, accepted_reason, accepted_severity)
              SELECT s.fingerprint, s.kind, s.check_name, s.system, s.gateway, s.tenant, s.instance, s.severity, s.cause, s.evidence::jsonb, s.remedy, $12, $12, last.id,
                CASE WHEN a.by IS NULL THEN 'open' ELSE 'accepted' END, a.by, a.reason, a.by, a.reason, a.severity
              FROM seen s
              LEFT JOIN LATERAL (
                SELECT p.* FROM whatsops.findings p WHERE p.fingerprint = s.fingerprint ORDER BY p.id DESC LIMIT 1) last ON true
              LEFT JOIN LATERAL (
                SELECT last.accepted_by AS by, last.accepted_reason AS reason, last.accepted_severity AS severity
                WHERE last.accepted_severity >= s.severity AND last.closed_at >= $14) a ON true
              WHERE s.fingerprint NOT IN (SELECT k.fingerprint FROM known k) AND (last.id IS NULL OR last.closed_at < $12)
              RETURNING *),
            changes AS (
              INSERT INTO whatsops.finding_changes (finding_id, system, at, change, severity_before, severity, changed_by, reason)
              SELECT i.id, i.system, $13, 'opened', NULL, i.severity, NULL, NULL FROM inserted i
              UNION ALL
              SELECT i.id, i.system, $13, 'accepted', i.severity, i.severity, i.accepted_by, i.accepted_reason || ' (carried over from finding ' || i.previous_id || ')'
              FROM inserted i WHERE i.state = 'accepted'
              UNION ALL
              SELECT u.id, u.system, $13, CASE WHEN u.severity > k.severity THEN 'worsened' ELSE 'improved' END, k.severity, u.severity, NULL, NULL
              FROM updated u JOIN known k ON k.id = u.id WHERE u.severity <> k.severity)
            SELECT i.*, true AS is_new FROM inserted i
            UNION ALL
            SELECT u.*, false FROM updated u JOIN known k ON k.id = u.id WHERE u.severity > k.severity
            """,
            connection);
        command.Parameters.Add(Texts(findings, finding => finding.Fingerprint));
        command.Parameters.Add(Texts(findings, finding => finding.Kind));
        command.Parameters.Add(Texts(findings, finding => finding.Check));
        command.Parameters.Add(Texts(findings, finding => finding.System));
        command.Parameters.Add(Texts(findings, finding => finding.Gateway));
        command.Parameters.Add(Texts(findings, finding => finding.Tenant));
        command.Parameters.Add(Texts(findings, finding => finding.Instance));
        command.Parameters.Add(new() { Value = Array.ConvertAll(findings, finding => (short)finding.Severity) });
        command.Parameters.Add(Texts(findings, finding => finding.Cause));
        command.Parameters.Add(Texts(findings, finding => JsonSerializer.Serialize(finding.Evidence)));
        command.Parameters.Add(Texts(findings, finding => finding.Remedy));
        command.Parameters.Add(Time(observedAt));
        command.Parameters.Add(Time(Now));
        command.Parameters.Add(Time(observedAt - AcceptanceOutlives));

        List<Finding> opened = [], worsened = [];
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var isNew = row.GetOrdinal("is_new");
        while (await row.ReadAsync(cancellation)) (row.GetBoolean(isNew) ? opened : worsened).Add(FindingReader.Read(row, Now));
        await row.CloseAsync();
        return (await FindingTraces.BeginAsync(connection, origins, opened, findings, cancellation), worsened);
    }

    private async Task<IReadOnlyList<Finding>> CountGoodAsync(NpgsqlConnection connection, CheckRun run, CancellationToken cancellation)
    {
        // What this pass saw has last_seen_at = ObservedAt by now, so "older than the pass" is exactly "not seen again".
        await using var command = new NpgsqlCommand(
            """
            WITH good AS (
              UPDATE whatsops.findings f
              SET good_observations = f.good_observations + 1,
                  last_good_at = $4,
                  state = CASE WHEN f.good_observations + 1 >= $5 THEN 'closed' ELSE f.state END,
                  closed_at = CASE WHEN f.good_observations + 1 >= $5 THEN $4 END,
                  silenced_until = CASE WHEN f.good_observations + 1 >= $5 THEN NULL ELSE f.silenced_until END,
                  changed_by = CASE WHEN f.good_observations + 1 >= $5 THEN NULL ELSE f.changed_by END,
                  reason = CASE WHEN f.good_observations + 1 >= $5 THEN $6 ELSE f.reason END
              WHERE f.system = $1 AND f.check_name = $2 AND f.state <> 'closed' AND ($3::text IS NULL OR f.gateway = $3)
                AND f.last_seen_at < $4 AND (f.last_good_at IS NULL OR f.last_good_at < $4)
                -- A subject is the sixth part of a fingerprint, in which %2F is its /.
                AND NOT EXISTS (SELECT FROM unnest($8::text[]) AS u(subject) WHERE starts_with(split_part(f.fingerprint, '/', 6) || '%2F', u.subject || '%2F'))
              RETURNING f.*),
            changes AS (
              INSERT INTO whatsops.finding_changes (finding_id, system, at, change, severity_before, severity, reason)
              SELECT g.id, g.system, $7, 'closed', g.severity, g.severity, g.reason FROM good g WHERE g.state = 'closed')
            SELECT g.* FROM good g WHERE g.state = 'closed'
            """,
            connection);
        command.Parameters.Add(Text(run.System));
        command.Parameters.Add(Text(run.Check));
        command.Parameters.Add(Text(run.Gateway));
        command.Parameters.Add(Time(run.ObservedAt));
        command.Parameters.Add(new() { Value = run.GoodObservationsToClose });
        command.Parameters.Add(Text($"gone in {run.GoodObservationsToClose} complete passes of check {run.Check}"));
        command.Parameters.Add(Time(Now));
        command.Parameters.Add(new() { Value = run.Unseen.Select(Uri.EscapeDataString).ToArray() });
        return await ReadAsync(command, cancellation);
    }

    private async Task<Finding?> DecideAsync(long id, string decision, string by, string? reason, DateTimeOffset? until, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            WITH decided AS (
              UPDATE whatsops.findings f
              SET state = $2, changed_by = $3, reason = $4, silenced_until = $5,
                  closed_at = CASE WHEN $2 = 'closed' THEN $6 END,
                  acknowledged_severity = CASE WHEN $2 = 'acknowledged' THEN f.severity END,
                  accepted_by = CASE WHEN $2 = 'accepted' THEN $3 END,
                  accepted_reason = CASE WHEN $2 = 'accepted' THEN $4 END,
                  accepted_severity = CASE WHEN $2 = 'accepted' THEN f.severity END
              WHERE f.id = $1 AND f.state <> 'closed'
              RETURNING f.*),
            changes AS (
              INSERT INTO whatsops.finding_changes (finding_id, system, at, change, severity_before, severity, changed_by, reason)
              SELECT d.id, d.system, $6, $2, d.severity, d.severity, $3, $4 FROM decided d)
            SELECT d.* FROM decided d
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(Text(decision));
        command.Parameters.Add(Text(by));
        command.Parameters.Add(Text(reason));
        command.Parameters.Add(new() { Value = until is { } end ? end.ToUniversalTime() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(Time(Now));
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    private async Task<IReadOnlyList<Finding>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var findings = new List<Finding>();
        while (await row.ReadAsync(cancellation)) findings.Add(FindingReader.Read(row, Now));
        return findings;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = value is null ? DBNull.Value : value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Texts(ObservedFinding[] findings, Func<ObservedFinding, string?> part) =>
        new() { Value = Array.ConvertAll(findings, finding => part(finding)), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
