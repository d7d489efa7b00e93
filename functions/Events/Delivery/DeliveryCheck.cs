using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Check <c>delivery</c>: every minute, every system, also one that forwards no more, since something may still wait for it.</summary>
internal sealed class DeliveryCheck(DeliveryBacklog backlogs, IFindings findings, IFleet fleet, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (await fleet.CurrentAsync(cancellation) is not { } version) return;
        foreach (var system in version.Document.Systems)
        {
            var at = time.GetUtcNow();
            var seen = DeliveryRules.Apply(system, await backlogs.ReadAsync(system.Name, cancellation), at);
            await findings.RecordAsync(new CheckRun(DeliveryRules.Check, system.Name, null, Complete: true, at, system.Thresholds.GoodObservationsToClose), seen, cancellation);
        }
    }
}
