using Npgsql;
using NpgsqlTypes;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>
/// Ends runs that have not begun in time. What somebody approved is the world of then: a run held up by a pause must not act on another one
/// days later, nor repair what has recovered meanwhile.
/// </summary>
public sealed class RunExpiry(RunNotices notices, RunbookPatience patience, IAuditTrail audit, NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>When the run must have begun its first step; null while nobody has approved it.</summary>
    public DateTimeOffset? BeginsBefore(Run run) => run.ApprovedAt + patience.ApprovalValid;

    /// <summary>Ends the run if its time is over; true: it has expired. The caller has the run's turn, so that no step begins meanwhile.</summary>
    public async Task<bool> TryExpireAsync(Run run, CancellationToken cancellation)
    {
        if (run.HasBegun) return false;
        var now = time.GetUtcNow();
        var over = run.ApprovedAt is null ? run.ApprovalDue <= now : BeginsBefore(run) <= now;
        var why = over ? Overdue(run)
            : await notices.IsNeedlessAsync(run, cancellation) ? $"Finding {run.FindingId} has closed by itself; there is nothing left to remedy."
            : null;
        if (why is null) return false;
        // Repeatable until the run has ended: whoever dies in between is followed by somebody who tells it again.
        await notices.DecidedAsync(run, RunDesk.PolicyName, "expired", cancellation);
        if (over && run.ApprovedAt is not null) await notices.ExpiredAsync(run, why, cancellation);
        if (!await EndAsync(run, why, now, cancellation)) return false;
        await audit.RecordAsync(RunDesk.PolicyName, "run.expire", run.Target.System, run.Target.Tenant, $"{run.Plan.Runbook} {run.Id}: {why}", cancellation);
        return true;
    }

    private string Overdue(Run run)
    {
        if (run.ApprovedAt is null) return "Nobody approved in time; silence means no.";
        var cause = run.State switch
        {
            RunState.Paused => "it was paused.",
            RunState.Waiting => run.Detail,
            _ => "its motor did not start.",
        };
        return $"Approved by {run.ApprovedBy} at {run.ApprovedAt:yyyy-MM-dd HH:mm} UTC and not begun within {patience.ApprovalValid.TotalHours:0.#} hours: {cause}";
    }

    // Between reading and ending somebody may have approved it: that is for another look.
    private async Task<bool> EndAsync(Run run, string why, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            WITH ended AS (
              UPDATE whatsops.runs SET state = 'expired', ended_at = $2, progressed_at = $2, detail = $3, current_step = NULL
              WHERE id = $1 AND ended_at IS NULL AND (approved_at IS NOT NULL) = $4 AND coalesce(current_step, $5) = $5 RETURNING id),
            freed AS (DELETE FROM whatsops.run_locks WHERE run_id IN (SELECT id FROM ended))
            SELECT id FROM ended
            """);
        command.Parameters.Add(new() { Value = run.Id });
        command.Parameters.Add(new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = why });
        command.Parameters.Add(new() { Value = run.ApprovedAt is not null });
        command.Parameters.Add(new() { Value = StepCall.Begin });
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }
}
