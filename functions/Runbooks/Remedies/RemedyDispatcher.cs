using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>
/// Every minute: open findings that name a remedy, against the policy of their kind. approve plans a run that waits, auto starts one within
/// the budget if it costs nothing; neither in a maintenance window nor while paused, never twice for one finding or instance while a run is open
/// or within the cooldown, nothing on an old picture that the runbook does not check itself, and nothing for a tenant while its gateway has an incident. Policy auto with reconnect is the manual's auto-reconnect.
/// </summary>
public sealed class RemedyDispatcher(
    IFleet fleet, IFindings findings, IPauses pauses, RunStore runs, RunDesk desk, RunbookCatalogue catalogue, TargetResolver targets, RemedyFreshness freshness,
    RemedyRefusals refusals, RunbookPatience patience, TimeProvider time, ILogger<RemedyDispatcher> log)
{
    [Function("RemedyDispatcher")]
    public async Task Run([TimerTrigger("15 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        await DispatchAsync(client, cancellation);

    /// <summary>Returns the runs it made.</summary>
    internal async Task<IReadOnlyList<Run>> DispatchAsync(DurableTaskClient client, CancellationToken cancellation)
    {
        var made = new List<Run>();
        foreach (var system in (await fleet.CurrentAsync(cancellation))?.Document.Systems ?? [])
        {
            if (await pauses.IsPausedAsync(system.Name, cancellation)) continue;
            // While a database is exchanged or a product stands still, much looks sick that only has to be left alone.
            if (await runs.OpenForAsync(system.Name, RunTarget.WholeSystem, cancellation) is { HasBegun: true }) continue;
            var open = await findings.ListAsync(new(system.Name, Limit: 5000), cancellation);
            var sick = Remedies.SickGateways(open, time.GetUtcNow() - patience.FindingFresh);
            foreach (var finding in open)
            {
                try
                {
                    if (await RemedyAsync(client, system, finding, sick, cancellation) is { } run) made.Add(run);
                }
                catch (ProblemException refusal) when (refusal.Status == 409 && freshness.IsOld(finding, time.GetUtcNow()))
                {
                    // Somebody has mended it since the audit, or it is not what it was: the next audit closes or tells it again.
                    refusals.Add(finding.Id);
                    log.LogInformation("Finding {Finding} is not acted on: {Reason}", finding.Id, refusal.Message);
                }
                catch (Exception problem) when (!cancellation.IsCancellationRequested)
                {
                    log.LogWarning("Finding {Finding} got no remedy: {Problem}", finding.Id, Harmless.Sentence(problem));
                }
            }
        }

        return made;
    }

    private async Task<Run?> RemedyAsync(DurableTaskClient client, FleetSystem system, Finding finding, IReadOnlySet<string> sick, CancellationToken cancellation)
    {
        // Whoever silenced, accepted or acknowledged it has decided; it is theirs.
        if (finding is not { State: FindingState.Open, Remedy: { } remedy }) return null;
        if (MaintenanceWindows.Contain(system, finding.Tenant, time.GetUtcNow()) || refusals.Holds(finding.Id)) return null;
        var policy = Remedies.PolicyFor(system, finding.Kind);
        if (policy == Policy.Observe || catalogue.Find(remedy) is not { } runbook || Lock(system, runbook, finding) is not { } instance) return null;
        if (!freshness.Allows(system, finding, runbook, time.GetUtcNow())) return null;
        // What costs a pairing or cannot be taken back needs a person, whatever the policy says.
        var unasked = policy == Policy.Auto && !runbook.IsDestructive;
        var fingerprint = Remedies.Fingerprint(finding);
        var attempts = await runs.RecentAsync(fingerprint, system.Name, instance, time.GetUtcNow() - patience.AttemptMemory, cancellation);
        if (attempts.Last is { } last && time.GetUtcNow() - last < Remedies.Cooldown(unasked, attempts, patience)) return null;
        if (await runs.OpenForAsync(system.Name, instance, cancellation) is not null) return null;
        var target = runbook.Scope == RunbookScope.Gateway
            ? await targets.ResolveGatewayAsync(system.Name, finding.Gateway!, cancellation)
            : await targets.ResolveAsync(system.Name, finding.Tenant!, cancellation);
        // Seen on a gateway that the tenant has left: there is nothing to repair on the new one.
        if (finding.Gateway is { } gateway && gateway != target.Gateway) return null;
        if (runbook.Scope == RunbookScope.Tenant && sick.Contains(target.Gateway)) return null;
        target = RunParameters.Read(runbook, target, null);
        return await desk.RemedyAsync(client, runbook, target, finding, fingerprint, unasked, system.ActionsPerHour, cancellation);
    }

    // Null: the finding's place is not of the kind that the runbook is about.
    private static string? Lock(FleetSystem system, Runbook runbook, Finding finding) => (runbook.Scope, finding) switch
    {
        (RunbookScope.Gateway, { Gateway: { } gateway }) => RunTarget.WholeGateway(gateway),
        (RunbookScope.Tenant, { Tenant: { } tenant }) => system.InstancePrefix + tenant,
        _ => null,
    };
}
