using Npgsql;

namespace WhatsOps.Runbooks;

/// <summary>How many runs policy <c>auto</c> may still start in a system: n in any 60 minutes, over all processes.</summary>
public static class RunBudgets
{
    /// <summary>Uses one of the budget within the caller's transaction; false when it is spent.</summary>
    public static async Task<bool> TryUseAsync(NpgsqlConnection connection, string system, Guid runId, int perHour, DateTimeOffset now, CancellationToken cancellation)
    {
        // Counting and inserting must not interleave with another process doing the same.
        await using var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended('run_budgets/' || $1, 0))", connection);
        turn.Parameters.Add(new() { Value = system });
        await turn.ExecuteNonQueryAsync(cancellation);
        await using var use = new NpgsqlCommand(
            """
            INSERT INTO whatsops.run_budgets (system, run_id, used_at)
            SELECT $1, $2, $3 WHERE (SELECT count(*) FROM whatsops.run_budgets WHERE system = $1 AND used_at > $3 - interval '1 hour') < $4
            """, connection);
        use.Parameters.Add(new() { Value = system });
        use.Parameters.Add(new() { Value = runId });
        use.Parameters.Add(new() { Value = now });
        use.Parameters.Add(new() { Value = perHour });
        return await use.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
