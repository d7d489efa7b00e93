using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Runbooks;

/// <summary>Every 30 seconds the rows are compared with what moves them: lost starts and wakes are repeated, overdue runs expired, standing ones reported.</summary>
public sealed class RunReconciler(
    RunStore runs, RunMotors motors, RunNotices notices, RunExpiry expiry, RunTurns turns, RunLocks locks, EvidenceWriter evidence, LiveQr qr, PairingLinks links, RunbookPatience patience, NpgsqlDataSource database,
    TimeProvider time, ILogger<RunReconciler> log)
{
    private static readonly TimeSpan KeepArtifacts = TimeSpan.FromDays(30);

    [Function("RunReconciler")]
    public async Task Run([TimerTrigger("*/30 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        await ReconcileAsync(client, cancellation);

    internal async Task ReconcileAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        foreach (var run in await runs.ListAsync(new(OpenOnly: true, Limit: 1000), cancellation))
        {
            try
            {
                if (!run.HasBegun && await ExpireAsync(run, cancellation)) continue;
                if (run.State == RunState.WaitingApproval) await notices.EnsureWaitingApprovalAsync(run, cancellation);
                else await MoveAsync(client, run, cancellation);
            }
            catch (Exception problem) when (!cancellation.IsCancellationRequested)
            {
                log.LogWarning("Run {Run} could not be reconciled: {Problem}", run.Id, Harmless.Sentence(problem));
            }
        }

        await notices.CloseLateAsync(runs, cancellation);
        await locks.ReapAsync(cancellation);
        await CatchUpEvidenceAsync(cancellation);
        await TidyAsync(cancellation);
        await links.TidyAsync(cancellation);
    }

    private async Task<bool> ExpireAsync(Run run, CancellationToken cancellation)
    {
        // Whoever has the turn is carrying out its beginning, and looks at the time himself.
        await using var turn = await turns.TryTakeAsync(run.Id, cancellation);
        return turn is not null && await runs.FindAsync(run.Id, cancellation) is { } fresh && await expiry.TryExpireAsync(fresh, cancellation);
    }

    private async Task MoveAsync(DurableTaskClient client, Run run, CancellationToken cancellation)
    {
        await motors.StartAsync(client, run, cancellation);
        if (await HasUnreadSignalAsync(run, cancellation)) await motors.WakeAsync(client, run, cancellation);
        // Nobody asked for this run, so nobody waits for its code.
        if (run is { State: RunState.WaitingPerson, RequestedBy: RunDesk.PolicyName } && qr.Shows(run)) await notices.EnsureWaitingPersonAsync(run, cancellation);
        // Paused runs and those that wait for a person stand still on purpose, and so tell their progress at every look.
        if (time.GetUtcNow() - run.ProgressedAt > patience.StuckAfter) await notices.StuckAsync(run, cancellation);
    }

    private async Task<bool> HasUnreadSignalAsync(Run run, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT signalled_at > progressed_at FROM whatsops.runs WHERE id = $1");
        command.Parameters.Add(new() { Value = run.Id });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    // What a compensation needed holds the product's secrets: it goes when nobody will ask for it any more. A secret parameter goes with its run.
    private async Task TidyAsync(CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("DELETE FROM whatsops.run_artifacts a USING whatsops.runs r WHERE r.id = a.run_id AND a.name LIKE 'parameter/%' AND r.ended_at IS NOT NULL"));
        foreach (var sql in (string[])[
            "DELETE FROM whatsops.run_artifacts a USING whatsops.runs r WHERE r.id = a.run_id AND r.ended_at < $1",
            "DELETE FROM whatsops.run_budgets WHERE used_at < $1"])
            batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = time.GetUtcNow() - KeepArtifacts, NpgsqlDbType = NpgsqlDbType.TimestampTz } } });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    // Runs that ended while Blob Storage was down; those that ended before they began have nothing to prove.
    private async Task CatchUpEvidenceAsync(CancellationToken cancellation)
    {
        var missing = new List<Guid>();
        await using (var command = database.CreateCommand(
            "SELECT id FROM whatsops.runs WHERE ended_at > $1 AND started_at IS NOT NULL AND evidence IS NULL ORDER BY ended_at LIMIT 20"))
        {
            command.Parameters.Add(new() { Value = time.GetUtcNow() - TimeSpan.FromDays(7), NpgsqlDbType = NpgsqlDbType.TimestampTz });
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation)) missing.Add(row.GetGuid(0));
        }

        foreach (var id in missing)
        {
            try
            {
                if (await runs.FindAsync(id, cancellation) is { } run) await evidence.WriteAsync(run, run.State, cancellation);
            }
            catch (Exception problem) when (!cancellation.IsCancellationRequested)
            {
                log.LogWarning("The evidence of run {Run} is still not written: {Problem}", id, Harmless.Sentence(problem));
                return;
            }
        }
    }
}
