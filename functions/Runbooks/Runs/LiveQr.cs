using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>Fetches what a run's human step shows, while it waits and only then. The text pairs a phone: it is handed on and kept nowhere.</summary>
public sealed class LiveQr(StepExecutor executor, RunbookCatalogue catalogue, IAuditTrail audit, IServiceProvider services)
{
    /// <summary>The QR's text.</summary>
    /// <exception cref="ProblemException">409 when the run does not wait for a scan, 503 while the gateway has no code yet.</exception>
    public async Task<string> TextAsync(Run run, Operator by, CancellationToken cancellation)
    {
        var place = run is { IsFinal: false, CurrentStep: { } current } && current != StepCall.Begin ? StepTree.Find(catalogue.Get(run.Plan.Runbook, run.Plan.Version), current) : null;
        if (place?.Step is not AskStep { Show: { } show } || run.State is not (RunState.WaitingPerson or RunState.Running))
            throw new ProblemException(409, $"Run {run.Id} does not wait for a QR code to be scanned: it is {SnakeName<RunState>.Of(run.State)}.");
        var context = await executor.ContextAsync(run, new(run.Id, run.CurrentStep!, Phase.Probe), place, [], cancellation);
        var text = await show(services, context, cancellation)
            ?? throw new ProblemException(503, "The gateway has no QR code now: it is paired already, or about to show the next one.", null, "Ask again in a few seconds.");
        await audit.RecordAsync(by.Name, "run.qr", run.Target.System, run.Target.Tenant, $"{run.Plan.Runbook} {run.Id}", cancellation);
        return text;
    }
}
