using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>What a run keeps to be able to put things back: encrypted, bound to its run and tenant, written once.</summary>
public sealed class RunArtifacts(NpgsqlDataSource database, ISecretProtector protector, TimeProvider time, Guid runId, RunTarget target, string place = "")
{
    private const string Insert =
        """
        INSERT INTO whatsops.run_artifacts (run_id, system, tenant, name, protected, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (run_id, name) DO NOTHING
        """;

    /// <summary>The same run's keeping about another place: the same names there are other artifacts.</summary>
    public RunArtifacts Of(string otherPlace) => new(database, protector, time, runId, target, otherPlace + "/");

    /// <summary>The name under which a run keeps a secret parameter.</summary>
    public static string SecretParameter(string parameter) => $"parameter/{parameter}";

    /// <summary>Keeps the secret parameters of a run that is being opened, in the caller's transaction.</summary>
    public static async Task KeepSecretsAsync(Run run, ISecretProtector protector, NpgsqlConnection connection, CancellationToken cancellation)
    {
        foreach (var (parameter, secret) in run.Target.Secrets ?? new Dictionary<string, string>())
        {
            await using var command = new NpgsqlCommand(Insert, connection);
            var name = SecretParameter(parameter);
            foreach (var value in (object[])[run.Id, run.Target.System, run.Target.Tenant, name, protector.Protect(secret, Context(run.Id, run.Target, name)), run.CreatedAt])
                command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Keeps the first text of this name. A repeat after a crash must not overwrite what was there before the run changed it.</summary>
    public async Task KeepAsync(string name, string text, CancellationToken cancellation)
    {
        name = place + name;
        await using var command = database.CreateCommand(Insert);
        foreach (var value in (object[])[runId, target.System, target.Tenant, name, protector.Protect(text, Context(name)), time.GetUtcNow()])
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The kept text; null when the run never came to keeping it.</summary>
    public async Task<string?> FindAsync(string name, CancellationToken cancellation)
    {
        name = place + name;
        await using var command = database.CreateCommand(
            "SELECT protected FROM whatsops.run_artifacts WHERE run_id = $1 AND system = $2 AND tenant = $3 AND name = $4");
        command.Parameters.Add(new() { Value = runId });
        command.Parameters.Add(new() { Value = target.System });
        command.Parameters.Add(new() { Value = target.Tenant });
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(cancellation) is byte[] bytes ? protector.Unprotect(bytes, Context(name)) : null;
    }

    /// <summary>
    /// What the newest earlier run for this instance that could not bring it back kept under this name: the last compensation of the steps that touch
    /// it failed, or it removed the instance and what goes with it. Null when there is no such run, or a later one has done such a step and ended well,
    /// or has put it back. A later run that failed before those steps, or has none, has settled nothing.
    /// </summary>
    /// <param name="steps">Ids of the steps that touch it, the same in every runbook.</param>
    public async Task<string?> FindLostAsync(string name, string[] steps, bool goesWithInstance, CancellationToken cancellation)
    {
        name = place + name;
        await using var command = database.CreateCommand(
            """
            WITH earlier AS (
              SELECT r.id, r.ended_at, r.state IN ('compensated', 'compensation_failed') AND r.committed_at IS NOT NULL AS removed,
                     r.state IN ('completed', 'needs_pairing') AND EXISTS (
                       SELECT FROM whatsops.run_steps s WHERE s.run_id = r.id AND s.phase = 'act' AND split_part(s.step, '.', -1) = ANY ($6)) AS well,
                     (SELECT s.status FROM whatsops.run_steps s WHERE s.run_id = r.id AND s.phase = 'compensate' AND split_part(s.step, '.', -1) = ANY ($6)
                       ORDER BY s.first_at DESC LIMIT 1) AS undone
                FROM whatsops.runs r
               WHERE r.system = $1 AND r.tenant = $2 AND r.instance = $3 AND r.id <> $4 AND r.started_at IS NOT NULL AND r.ended_at IS NOT NULL)
            SELECT a.run_id, a.protected FROM earlier e JOIN whatsops.run_artifacts a ON a.run_id = e.id AND a.system = $1 AND a.tenant = $2 AND a.name = $5
             WHERE (e.undone = 'failed' OR ($7 AND e.removed))
               AND NOT EXISTS (SELECT FROM earlier later WHERE later.ended_at > e.ended_at AND (later.well OR (NOT $7 AND later.undone = 'done')))
             ORDER BY e.ended_at DESC LIMIT 1
            """);
        foreach (var value in (object[])[target.System, target.Tenant, target.Instance, runId, name, steps, goesWithInstance]) command.Parameters.Add(new() { Value = value });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation) ? protector.Unprotect(row.GetFieldValue<byte[]>(1), Context(row.GetGuid(0), target, name)) : null;
    }

    private string Context(string name) => Context(runId, target, name);

    private static string Context(Guid run, RunTarget target, string name) => $"run/{run}/{target.System}/{target.Tenant}/{name}";
}
