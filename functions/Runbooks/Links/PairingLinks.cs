using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>
/// Links for the tenant's own staff, who have no account: 256 random bits, of which only the SHA-256 is kept, for the pairing of one run and nothing else.
/// Whoever opens the link, a chat's preview included, uses nothing up.
/// </summary>
public sealed class PairingLinks(NpgsqlDataSource database, RunbookCatalogue catalogue, RunStore runs, IFleet fleet, IAuditTrail audit, TimeProvider time)
{
    /// <summary>A link lives this long at most, and never longer than the step that waits for the scan.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private const string Purpose = "pairing";
    private const int TokenBytes = 32;
    private const int TokenLength = 43;
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    /// <exception cref="ProblemException">409: the run asks nobody to scan (any more), or no public address is known.</exception>
    public async Task<NewPairingLink> MakeAsync(Run run, Operator by, CancellationToken cancellation)
    {
        if (run.IsFinal) throw new ProblemException(409, $"Run {run.Id} has ended: there is nothing to pair.");
        var step = StepTree.Flatten(catalogue.Get(run.Plan.Runbook, run.Plan.Version).Steps).FirstOrDefault(line => line.Step is AskStep { Show: not null }).Path
            ?? throw new ProblemException(409, $"{run.Plan.Runbook} asks nobody to scan a code.");
        var row = (await runs.StepsAsync(run.Id, cancellation)).FirstOrDefault(row => row.Step == step && row.Phase == Phase.Probe);
        if (row is { IsFinal: true }) throw new ProblemException(409, $"Run {run.Id} does not wait for a scan any more.");
        var address = await BaseAsync(run, cancellation);
        var now = time.GetUtcNow();
        var expires = row?.DueAt is { } due && due < now + Life ? due : now + Life;
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        await using var command = database.CreateCommand(
            "INSERT INTO whatsops.links (token_hash, purpose, run_id, step, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        foreach (var value in (object[])[Hash(token), Purpose, run.Id, step, by.Name, now, expires]) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
        await audit.RecordAsync(by.Name, "run.link", run.Target.System, run.Target.Tenant, $"{run.Plan.Runbook} {run.Id}, until {expires:yyyy-MM-dd HH:mm:ss} UTC", cancellation);
        return new($"{address}/api/pair/{token}", expires);
    }

    /// <summary>The link of a token; null when there is none or its time is over, which nobody outside can tell apart.</summary>
    public async Task<PairingLink?> FindAsync(string token, CancellationToken cancellation)
    {
        // What cannot be a token costs no query.
        if (token.Length != TokenLength || !token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')) return null;
        await using var command = database.CreateCommand(
            """
            SELECT l.run_id, l.step, l.expires_at, coalesce(l.used_at, s.ended_at, r.ended_at), coalesce(s.status = 'done', false)
            FROM whatsops.links l JOIN whatsops.runs r ON r.id = l.run_id
                LEFT JOIN whatsops.run_steps s ON s.run_id = l.run_id AND s.step = l.step AND s.phase = 'probe' AND s.status IN ('done', 'unanswered', 'failed')
            WHERE l.token_hash = $1 AND l.purpose = $2 AND l.expires_at > $3
            """);
        command.Parameters.Add(new() { Value = Hash(token) });
        command.Parameters.Add(new() { Value = Purpose });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new(row.GetGuid(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4))
            : null;
    }

    /// <summary>Notes which links are consumed, and forgets those that ended long ago.</summary>
    public async Task TidyAsync(CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            UPDATE whatsops.links l SET used_at = ended.at
            FROM (
                SELECT l.token_hash, coalesce(s.ended_at, r.ended_at) AS at FROM whatsops.links l JOIN whatsops.runs r ON r.id = l.run_id
                    LEFT JOIN whatsops.run_steps s ON s.run_id = l.run_id AND s.step = l.step AND s.phase = 'probe' AND s.status IN ('done', 'unanswered', 'failed')
                WHERE l.used_at IS NULL) ended
            WHERE l.token_hash = ended.token_hash AND ended.at IS NOT NULL
            """));
        batch.BatchCommands.Add(new("DELETE FROM whatsops.links WHERE expires_at < $1") { Parameters = { new() { Value = time.GetUtcNow() - Keep } } });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));

    private async Task<string> BaseAsync(Run run, CancellationToken cancellation)
    {
        var document = (await fleet.CurrentAsync(cancellation))?.Document;
        var url = document?.Alerts.PublicUrl ?? document?.Systems.FirstOrDefault(system => system.Name == run.Target.System)?.Webhook.BaseUrl
            ?? throw new ProblemException(409, "No public address of WhatsOps is known, so a link would lead nowhere.", "$.alerts.publicUrl", "Set alerts.publicUrl in the fleet file.");
        return fleet.Resolve(url).TrimEnd('/');
    }
}
