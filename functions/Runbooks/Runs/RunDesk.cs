using System.Diagnostics;
using Microsoft.DurableTask.Client;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Database;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Runbooks;

/// <summary>Where runs are asked for, approved, cancelled and confirmed. The row is written first; starting and waking the motor are hints that the reconciler repeats.</summary>
public sealed class RunDesk(
    RunStore runs, RunPlans plans, RunMotors motors, RunbookCatalogue catalogue, RunbookPatience patience, RunNotices notices, IAuditTrail audit, ISecretProtector protector,
    NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Who asks and approves when a policy does.</summary>
    public const string PolicyName = "policy";

    /// <summary>A new run of an operator's. A destructive one waits for an approver who did not ask for it, whatever the policy says.</summary>
    public async Task<Run> RequestAsync(DurableTaskClient client, Runbook runbook, RunTarget target, string reason, Operator by, CancellationToken cancellation)
    {
        using var span = Traces.Start("run", runbook.Name, ActivityKind.Producer);
        var run = New(await plans.MakeAsync(runbook, target, cancellation), reason, by.Name, null, approvedBy: runbook.IsDestructive ? null : by.Name) with { Trace = Traced(span, runbook, target) };
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await RunStore.InsertAsync(run, connection, cancellation)) throw await TakenAsync(target, cancellation);
        await RunArtifacts.KeepSecretsAsync(run, protector, connection, cancellation);
        await transaction.CommitAsync(cancellation);
        await audit.RecordAsync(by.Name, "run.request", target.System, target.Tenant, $"{runbook.Name} {run.Id}: {reason}", cancellation);
        await OpenedAsync(client, run, cancellation);
        return run;
    }

    /// <summary>A new run for a finding; null when its instance has an open run or the budget is spent.</summary>
    public async Task<Run?> RemedyAsync(DurableTaskClient client, Runbook runbook, RunTarget target, Finding finding, string fingerprint, bool auto, int perHour, CancellationToken cancellation)
    {
        using var span = Traces.Start("run", runbook.Name, ActivityKind.Producer, finding.Trace);
        var run = New(await plans.MakeAsync(runbook, target, cancellation), $"{finding.Kind}: {finding.Cause}", PolicyName, finding.Id, auto ? PolicyName : null) with
        {
            Fingerprint = fingerprint,
            Trace = Traced(span, runbook, target),
        };
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if ((auto && !await RunBudgets.TryUseAsync(connection, target.System, run.Id, perHour, run.CreatedAt, cancellation)) || !await RunStore.InsertAsync(run, connection, cancellation))
        {
            // Asked again every minute: the trace of the finding need not tell it each time.
            Traces.LeaveOut(span);
            return null;
        }

        await transaction.CommitAsync(cancellation);
        await audit.RecordAsync(PolicyName, "run.request", target.System, target.Tenant, $"{runbook.Name} {run.Id}: {run.Reason}", cancellation);
        await OpenedAsync(client, run, cancellation);
        return run;
    }

    /// <summary>Approves the plan with this hash.</summary>
    public async Task<Run> ApproveAsync(DurableTaskClient client, Guid id, string planHash, Operator by, CancellationToken cancellation)
    {
        var run = await GetAsync(id, cancellation);
        if (run.State != RunState.WaitingApproval) throw new ProblemException(409, $"Run {id} does not wait for approval: it is {SnakeName<RunState>.Of(run.State)}.");
        if (run.PlanHash != planHash)
            throw new ProblemException(409, "The approval is for another plan than this run's.", "$.planHash", $"Read the plan (GET /api/runbooks/{id}) and approve its planHash.");
        // Without regard to case: a fleet file of before may still hold one person in two spellings.
        if (run.Plan.Destructive && string.Equals(run.RequestedBy.Trim(), by.Name.Trim(), StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(403, $"{by.Name} asked for this run, and it destroys something: somebody else must approve it.", null, "Ask another approver.");
        if (await notices.IsNeedlessAsync(run, cancellation))
            throw new ProblemException(409, $"Finding {run.FindingId} has closed by itself: there is nothing left to remedy.", null, "Ask for a run of your own if it is still needed.");
        var changed = await ExecuteAsync(
            """
            UPDATE whatsops.runs SET state = 'queued', approved_by = $2, approved_at = $3, progressed_at = $3, detail = $4
            WHERE id = $1 AND state = 'waiting_approval' AND plan_hash = $5 AND approval_due > $3
            """,
            [id, by.Name, time.GetUtcNow(), $"Approved by {by.Name}.", planHash], cancellation);
        if (!changed) throw new ProblemException(409, $"Run {id} was decided by somebody else, or its approval has expired.");
        await audit.RecordAsync(by.Name, "run.approve", run.Target.System, run.Target.Tenant, $"{run.Plan.Runbook} {id}, plan {planHash[..12]}", cancellation);
        await notices.DecidedAsync(run, by.Name, "approved", cancellation);
        await motors.StartAsync(client, run, cancellation);
        return await GetAsync(id, cancellation);
    }

    /// <summary>Stops a run: at once while it waits for approval, by compensating until the point of no return, never after it.</summary>
    public async Task<Run> CancelAsync(DurableTaskClient client, Guid id, Operator by, CancellationToken cancellation)
    {
        var run = await GetAsync(id, cancellation);
        if (run.IsFinal) throw new ProblemException(409, $"Run {id} has ended: {SnakeName<RunState>.Of(run.State)}.");
        var now = time.GetUtcNow();
        var unbegun = await ExecuteAsync(
            """
            UPDATE whatsops.runs SET state = 'cancelled', cancel_by = $2, cancel_at = $3, ended_at = $3, progressed_at = $3, detail = $4
            WHERE id = $1 AND state = 'waiting_approval'
            """,
            [id, by.Name, now, $"Cancelled by {by.Name} before it began."], cancellation);
        if (!unbegun && !await ExecuteAsync(
            "UPDATE whatsops.runs SET cancel_by = coalesce(cancel_by, $2), cancel_at = coalesce(cancel_at, $3), signalled_at = $3 WHERE id = $1 AND ended_at IS NULL AND committed_at IS NULL",
            [id, by.Name, now], cancellation))
            throw new ProblemException(
                409, $"Run {id} is past its point of no return ({run.Plan.PointOfNoReturn}): what it destroyed cannot come back, so it finishes forward.", null,
                "Let it finish, or pause the system to stop before the next step.");
        await audit.RecordAsync(by.Name, "run.cancel", run.Target.System, run.Target.Tenant, $"{run.Plan.Runbook} {id}", cancellation);
        await notices.DecidedAsync(run, by.Name, "cancelled", cancellation);
        if (!unbegun) await motors.WakeAsync(client, run, cancellation);
        return await GetAsync(id, cancellation);
    }

    /// <summary>A person's answer to a step that asks. Where the step has a proof, the answer only makes it look again at once.</summary>
    public async Task<Run> ConfirmAsync(DurableTaskClient client, Guid id, string step, bool yes, Operator by, CancellationToken cancellation)
    {
        var run = await GetAsync(id, cancellation);
        var place = FindStep(run, step);
        if (place.Step is not AskStep) throw new ProblemException(400, $"Step {step} asks nobody.", null, "Confirm a step of kind ask_human.");
        var now = time.GetUtcNow();
        var changed = !run.IsFinal && await ExecuteAsync(
            """
            UPDATE whatsops.run_steps SET answer = $3, answered_by = $4, answered_at = $5
            WHERE run_id = $1 AND step = $2 AND phase = 'probe' AND status IN ('waiting', 'running')
            """,
            [id, step, yes ? "yes" : "no", by.Name, now], cancellation);
        if (!changed) throw new ProblemException(409, $"Run {id} is not waiting at step {step}.");
        await ExecuteAsync("UPDATE whatsops.runs SET signalled_at = $2 WHERE id = $1", [id, now], cancellation);
        await audit.RecordAsync(by.Name, "run.confirm", run.Target.System, run.Target.Tenant, $"{run.Plan.Runbook} {id}, {step}: {(yes ? "yes" : "no")}", cancellation);
        await motors.WakeAsync(client, run, cancellation);
        return await GetAsync(id, cancellation);
    }

    /// <summary>The run; throws 404.</summary>
    public async Task<Run> GetAsync(Guid id, CancellationToken cancellation) =>
        await runs.FindAsync(id, cancellation) ?? throw new ProblemException(404, $"There is no run {id}.", null, "List them: ./whatsops runbooks.");

    private StepPlace FindStep(Run run, string step)
    {
        try
        {
            return StepTree.Find(catalogue.Get(run.Plan.Runbook, run.Plan.Version), step);
        }
        catch (InvalidOperationException problem)
        {
            throw new ProblemException(404, problem.Message);
        }
    }

    private static string? Traced(Activity? span, Runbook runbook, RunTarget target)
    {
        span?.SetTag("whatsops.runbook", runbook.Name).SetTag("whatsops.system", target.System).SetTag("whatsops.tenant", target.Tenant).SetTag("whatsops.gateway", target.Gateway);
        return Traces.Id(span);
    }

    private Run New(Plan plan, string reason, string by, long? finding, string? approvedBy)
    {
        var now = time.GetUtcNow();
        return new(
            Guid.CreateVersion7(now), approvedBy is null ? RunState.WaitingApproval : RunState.Queued, plan, plan.Hash(), reason, by, finding, null, null, null, now,
            now + patience.ApprovalWithin, approvedBy, approvedBy is null ? null : now, null, null, null, null, now, null, null, null, null, null, null);
    }

    private async Task OpenedAsync(DurableTaskClient client, Run run, CancellationToken cancellation)
    {
        if (run.ApprovedAt is not null) await motors.StartAsync(client, run, cancellation);
        else await notices.WaitingApprovalAsync(run, cancellation);
    }

    private async Task<ProblemException> TakenAsync(RunTarget target, CancellationToken cancellation)
    {
        var open = await runs.OpenForAsync(target.System, target.Instance, cancellation);
        return new(
            409, $"Instance {target.Instance} already has an open run ({(open is null ? "just ended" : $"{open.Id}, {SnakeName<RunState>.Of(open.State)}")}).", null,
            "Approve, cancel or await that one first.");
    }

    private async Task<bool> ExecuteAsync(string sql, object[] values, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is DateTimeOffset at ? new() { Value = at, NpgsqlDbType = NpgsqlDbType.TimestampTz } : new NpgsqlParameter { Value = value });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
