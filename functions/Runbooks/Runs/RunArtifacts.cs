using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>What a run keeps to be able to put things back: encrypted, bound to its run and tenant, written once.</summary>
public sealed class RunArtifacts(NpgsqlDataSource database, ISecretProtector protector, TimeProvider time, Guid runId, RunTarget target)
{
    /// <summary>Keeps the first text of this name. A repeat after a crash must not overwrite what was there before the run changed it.</summary>
    public async Task KeepAsync(string name, string text, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO whatsops.run_artifacts (run_id, system, tenant, name, protected, created_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (run_id, name) DO NOTHING
            """);
        command.Parameters.Add(new() { Value = runId });
        command.Parameters.Add(new() { Value = target.System });
        command.Parameters.Add(new() { Value = target.Tenant });
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = protector.Protect(text, Context(name)) });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The kept text; null when the run never came to keeping it.</summary>
    public async Task<string?> FindAsync(string name, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT protected FROM whatsops.run_artifacts WHERE run_id = $1 AND system = $2 AND tenant = $3 AND name = $4");
        command.Parameters.Add(new() { Value = runId });
        command.Parameters.Add(new() { Value = target.System });
        command.Parameters.Add(new() { Value = target.Tenant });
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(cancellation) is byte[] bytes ? protector.Unprotect(bytes, Context(name)) : null;
    }

    private string Context(string name) => $"run/{runId}/{target.System}/{target.Tenant}/{name}";
}
