using WhatsOps.Database;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>What runs tell people, as findings: an approval is waited for or came to nothing, a run stands still, a compensation failed.</summary>
public sealed class RunNotices(IFindings findings, TimeProvider time)
{
    private const string WaitingApproval = "run_waiting_approval";
    private const string WaitingPerson = "run_waiting_person";
    private const string Standing = "run_stuck";
    private const string Expired = "run_expired";

    public Task WaitingApprovalAsync(Run run, CancellationToken cancellation) => RaiseAsync(
        run, WaitingApproval, Severity.Medium, $"./whatsops runbooks approve {run.Id}",
        $"{run.Plan.Runbook} for {run.Target.Tenant} waits for an approver until {run.ApprovalDue:yyyy-MM-dd HH:mm} UTC; silence means no.",
        cancellation, ("planHash", run.PlanHash));

    /// <summary>The same, unless it was said: whoever opened the run may have died before he told anybody.</summary>
    public async Task EnsureWaitingApprovalAsync(Run run, CancellationToken cancellation)
    {
        var said = await findings.ListAsync(new(run.Target.System, run.Target.Tenant, WaitingApproval, IncludeClosed: true), cancellation);
        if (!said.Any(notice => IsAbout(run, notice))) await WaitingApprovalAsync(run, cancellation);
    }

    /// <summary>Told once: the run that policy started shows a code that somebody must scan. The command makes the link for the tenant; the text has none.</summary>
    public async Task EnsureWaitingPersonAsync(Run run, CancellationToken cancellation)
    {
        var said = await findings.ListAsync(new(run.Target.System, run.Target.Tenant, WaitingPerson, IncludeClosed: true), cancellation);
        if (said.Any(notice => IsAbout(run, notice))) return;
        await RaiseAsync(
            run, WaitingPerson, Severity.Medium, $"./whatsops runbooks link {run.Id}",
            $"{run.Plan.Runbook} for {run.Target.Tenant} shows a code that somebody must scan with the tenant's phone. A link for the tenant's own staff: ./whatsops runbooks link {run.Id}",
            cancellation);
    }

    /// <summary>The finding that the run would remedy has closed: what it would destroy is well again.</summary>
    public async Task<bool> IsNeedlessAsync(Run run, CancellationToken cancellation) =>
        run.FindingId is { } id && await findings.FindAsync(id, cancellation) is { State: FindingState.Closed };

    public Task StuckAsync(Run run, CancellationToken cancellation) => RaiseAsync(
        run, Standing, Severity.High, $"./whatsops runbooks show {run.Id}",
        $"Run {run.Id} of {run.Plan.Runbook} has made no progress since {run.ProgressedAt:yyyy-MM-dd HH:mm:ss} UTC, at {run.CurrentStep ?? "its start"}.",
        cancellation, ("state", SnakeName<RunState>.Of(run.State)));

    /// <summary>An approval was given and nothing came of it. Closes when a later run of the instance begins, or by a person.</summary>
    public Task ExpiredAsync(Run run, string why, CancellationToken cancellation) => RaiseAsync(
        run, Expired, Severity.Medium, $"./whatsops runbooks show {run.Id}",
        $"{run.Plan.Runbook} for {run.Target.Tenant} has expired without doing anything. {why}", cancellation);

    /// <summary>Closes by a person only: somebody has to look at what was left behind.</summary>
    public Task CompensationFailedAsync(Run run, IReadOnlyList<StepRow> broken, CancellationToken cancellation) => RaiseAsync(
        run, "run_compensation_failed", Severity.Critical, $"./whatsops runbooks show {run.Id}",
        $"Run {run.Id} of {run.Plan.Runbook} failed at {run.FailedStep} and could not take back {Names(broken)}: {broken[0].Detail}",
        cancellation, ("failedStep", run.FailedStep ?? ""), ("failure", run.Failure ?? ""), ("notTakenBack", Names(broken)));

    /// <summary>The approval was given, refused or missed.</summary>
    public Task DecidedAsync(Run run, string by, string how, CancellationToken cancellation) => CloseAsync(run, WaitingApproval, by, how, cancellation);

    public async Task EndedAsync(Run run, CancellationToken cancellation)
    {
        foreach (var kind in (string[])[Standing, WaitingPerson]) await CloseAsync(run, kind, RunDesk.PolicyName, "the run has ended", cancellation);
    }

    public async Task BegunAsync(Run run, CancellationToken cancellation)
    {
        foreach (var notice in await findings.ListAsync(new(run.Target.System, run.Target.Tenant, Expired), cancellation))
            if (notice.Instance == run.Target.Instance) await findings.CloseAsync(notice.Id, RunDesk.PolicyName, $"run {run.Id} has begun", cancellation);
    }

    /// <summary>Closes notices of what is over: whoever raises one may wait for the findings' lock until the run has gone on, and then nobody else closes it.</summary>
    public async Task CloseLateAsync(RunStore runs, CancellationToken cancellation)
    {
        foreach (var kind in (string[])[WaitingApproval, WaitingPerson, Standing])
            foreach (var notice in await findings.ListAsync(new(Kind: kind, Limit: 5000), cancellation))
                if (Guid.TryParse(notice.Evidence.GetValueOrDefault("run"), out var id) && Over(kind, await runs.FindAsync(id, cancellation)) is { } why)
                    await findings.CloseAsync(notice.Id, RunDesk.PolicyName, why, cancellation);
    }

    // Null: it is as the notice says.
    private static string? Over(string kind, Run? run) => run switch
    {
        null => "the run is not kept any more",
        { IsFinal: true } => "the run has ended",
        { State: not RunState.WaitingApproval } when kind == WaitingApproval => "the approval was given",
        _ => null,
    };

    private static bool IsAbout(Run run, Finding notice) => notice.Evidence.GetValueOrDefault("run") == run.Id.ToString();

    private static string Names(IReadOnlyList<StepRow> steps) => string.Join(", ", steps.Select(step => step.Step));

    private Task RaiseAsync(Run run, string kind, Severity severity, string next, string cause, CancellationToken cancellation, params (string, string)[] evidence)
    {
        var facts = new Dictionary<string, string> { ["run"] = run.Id.ToString(), ["next"] = next };
        foreach (var (name, value) in evidence) facts[name] = value;
        return findings.RaiseAsync(
            new(kind, "runs", run.Target.System, run.Target.Gateway, run.Target.Tenant, run.Target.Instance, severity, cause, facts, null), time.GetUtcNow(), cancellation);
    }

    private async Task CloseAsync(Run run, string kind, string by, string reason, CancellationToken cancellation)
    {
        foreach (var notice in await findings.ListAsync(new(run.Target.System, run.Target.Tenant, kind), cancellation))
            if (IsAbout(run, notice)) await findings.CloseAsync(notice.Id, by, reason, cancellation);
    }
}
