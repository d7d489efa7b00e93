using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>Fetches what a run's human step shows, while it waits and only then. A code pairs a phone: it is handed on and kept nowhere.</summary>
public sealed class LiveQr(StepExecutor executor, RunbookCatalogue catalogue, IAuditTrail audit, IServiceProvider services)
{
    /// <summary>The QR's text, for an operator.</summary>
    /// <exception cref="ProblemException">409 when the run does not wait for a scan, 503 while the gateway has no code yet.</exception>
    public async Task<string> TextAsync(Run run, Operator by, CancellationToken cancellation)
    {
        if (!Shows(run)) throw new ProblemException(409, $"Run {run.Id} does not wait for a QR code to be scanned: it is {SnakeName<RunState>.Of(run.State)}.");
        var text = (await CodeAsync(run, cancellation))?.Shown.Qr
            ?? throw new ProblemException(503, "The gateway has no QR code now: it is paired already, or about to show the next one.", null, "Ask again in a few seconds.");
        await audit.RecordAsync(by.Name, "run.qr", run.Target.System, run.Target.Tenant, $"{run.Plan.Runbook} {run.Id}", cancellation);
        return text;
    }

    /// <summary>Whether the run waits now at a step that shows a code.</summary>
    public bool Shows(Run run) => Step(run) is { Step: AskStep { Show: not null } };

    /// <summary>The code shown now; null while there is none, or the run does not wait for it.</summary>
    public async Task<LiveCode?> CodeAsync(Run run, CancellationToken cancellation)
    {
        if (Step(run) is not { Step: AskStep { Show: { } show } } place) return null;
        var context = await executor.ContextAsync(run, new(run.Id, run.CurrentStep!, Phase.Probe), place, [], cancellation);
        return await show(services, context, cancellation);
    }

    private StepPlace? Step(Run run) =>
        run is { IsFinal: false, State: RunState.WaitingPerson or RunState.Running, CurrentStep: { } current } && current != StepCall.Begin
            ? StepTree.Find(catalogue.Get(run.Plan.Runbook, run.Plan.Version), current)
            : null;
}
