using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>
/// Every minute: open findings that name a remedy, against the policy of their kind. approve plans a run that waits, auto starts one within
/// the budget; neither in a maintenance window or while paused, and never twice for one finding or instance while a run is open or within the cooldown.
/// </summary>
public sealed class RemedyDispatcher(
    IFleet fleet, IFindings findings, IPauses pauses, RunStore runs, RunDesk desk, RunbookCatalogue catalogue, TargetResolver targets, RunbookPatience patience,
    TimeProvider time, ILogger<RemedyDispatcher> log)
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
            foreach (var finding in await findings.ListAsync(new(system.Name, Limit: 5000), cancellation))
            {
                try
                {
                    if (await RemedyAsync(client, system, finding, cancellation) is { } run) made.Add(run);
                }
                catch (Exception problem) when (!cancellation.IsCancellationRequested)
                {
                    log.LogWarning("Finding {Finding} got no remedy: {Problem}", finding.Id, Harmless.Sentence(problem));
                }
            }
        }

        return made;
    }

    private async Task<Run?> RemedyAsync(DurableTaskClient client, FleetSystem system, Finding finding, CancellationToken cancellation)
    {
        // Whoever silenced, accepted or acknowledged it has decided; it is theirs.
        if (finding is not { State: FindingState.Open, Remedy: { } remedy, Tenant: { } tenant }) return null;
        if (time.GetUtcNow() - finding.LastSeenAt > patience.FindingFresh || MaintenanceWindows.Contain(system, tenant, time.GetUtcNow())) return null;
        var policy = Remedies.PolicyFor(system, finding.Kind);
        if (policy == Policy.Observe || catalogue.Find(remedy) is not { } runbook) return null;
        var fingerprint = Remedies.Fingerprint(finding);
        var instance = system.InstancePrefix + tenant;
        if (await runs.LastForAsync(fingerprint, system.Name, instance, cancellation) is { } last && time.GetUtcNow() - last < patience.RemedyCooldown) return null;
        if (await runs.OpenForAsync(system.Name, instance, cancellation) is not null) return null;
        var target = await targets.ResolveAsync(system.Name, tenant, cancellation);
        // Seen on a gateway that the tenant has left: there is nothing to repair on the new one.
        if (finding.Gateway is { } gateway && gateway != target.Gateway) return null;
        return await desk.RemedyAsync(client, runbook, target, finding, fingerprint, policy == Policy.Auto, system.ActionsPerHour, cancellation);
    }
}
