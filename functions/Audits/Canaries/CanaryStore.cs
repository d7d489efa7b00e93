using Npgsql;
using WhatsOps.Database;
using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>Canaries in PostgreSQL. What was claimed once is never claimed again, whatever dies and however many processes watch.</summary>
internal sealed class CanaryStore(NpgsqlDataSource database)
{
    private const string Columns = "id, system, tenant, gateway, instance, claimed_at, expects_echo, answer, answered_at, message_id, judged_at, verdict, detail";

    /// <summary>Claims the right to send one message; false when the budget is spent, or one of this instance is under way or was sent after a time.</summary>
    /// <param name="noneAfter">A canary of the instance that was claimed later forbids this one.</param>
    public async Task<bool> TryClaimAsync(Canary canary, int perHour, DateTimeOffset noneAfter, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Counting and inserting must not interleave with another process doing the same.
        await using var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended('canaries/' || $1, 0))", connection);
        turn.Parameters.Add(new() { Value = canary.System });
        await turn.ExecuteNonQueryAsync(cancellation);
        await using var claim = new NpgsqlCommand(
            """
            INSERT INTO whatsops.canaries (id, system, tenant, gateway, instance, claimed_at)
            SELECT $1, $2, $3, $4, $5, $6
             WHERE (SELECT count(*) FROM whatsops.canaries WHERE system = $2 AND claimed_at > $6 - interval '1 hour' AND answer IS DISTINCT FROM 'not_sent') < $7
               AND NOT EXISTS (SELECT FROM whatsops.canaries WHERE system = $2 AND instance = $5 AND (judged_at IS NULL OR claimed_at > $8))
            """, connection);
        foreach (var value in (object[])[canary.Id, canary.System, canary.Tenant, canary.Gateway, canary.Instance, canary.ClaimedAt.UtcDateTime, perHour, noneAfter.UtcDateTime])
            claim.Parameters.Add(new() { Value = value });
        var claimed = await claim.ExecuteNonQueryAsync(cancellation) == 1;
        await transaction.CommitAsync(cancellation);
        return claimed;
    }

    public async Task AnsweredAsync(Guid id, SelfMessage message, bool expectsEcho, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("UPDATE whatsops.canaries SET answer = $2, message_id = $3, detail = $4, answered_at = $5, expects_echo = $6 WHERE id = $1 AND judged_at IS NULL");
        foreach (var value in (object[])[id, SnakeName<SelfMessageResult>.Of(message.Result), (object?)message.MessageId ?? DBNull.Value, (object?)message.Detail ?? DBNull.Value, at.UtcDateTime, expectsEcho]) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task JudgedAsync(Guid id, CanaryJudgement judgement, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("UPDATE whatsops.canaries SET verdict = $2, detail = $3, judged_at = $4 WHERE id = $1 AND judged_at IS NULL");
        foreach (var value in (object[])[id, SnakeName<CanaryVerdict>.Of(judgement.Verdict), judgement.Detail, at.UtcDateTime]) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The last three of every instance since a time, newest first.</summary>
    public async Task<ILookup<string, Canary>> LatestAsync(string system, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM (SELECT *, row_number() OVER (PARTITION BY instance ORDER BY claimed_at DESC) AS rank FROM whatsops.canaries WHERE system = $1 AND claimed_at >= $2) latest WHERE rank <= 3 ORDER BY claimed_at DESC");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = since.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var latest = new List<Canary>();
        while (await row.ReadAsync(cancellation)) latest.Add(Read(row));
        return latest.ToLookup(canary => canary.Instance, StringComparer.Ordinal);
    }

    private static Canary Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5))
    {
        ExpectsEcho = row.GetBoolean(6),
        Answer = row.IsDBNull(7) ? null : SnakeName<SelfMessageResult>.Parse(row.GetString(7)),
        AnsweredAt = row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8),
        MessageId = row.IsDBNull(9) ? null : row.GetString(9),
        JudgedAt = row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10),
        Verdict = row.IsDBNull(11) ? null : SnakeName<CanaryVerdict>.Parse(row.GetString(11)),
        Detail = row.IsDBNull(12) ? null : row.GetString(12),
    };
}
