using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>After every sweep: reconnect storms, one finding per gateway. They are in our own tables, so this is always seen whole.</summary>
internal sealed class StormWatch(IFleet fleet, EventTraffic traffic, IFindings findings, TimeProvider time) : IAfterSweep
{
    public async Task SweptAsync(SweepReport report, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var system in (await fleet.CurrentAsync(cancellation))?.Document.Systems ?? [])
        {
            ObservedFinding[] seen = [.. (await traffic.AbsorbedAsync(system.Name, now - StormRules.Window, cancellation)).Select(absorbed => StormRules.Judge(system.Name, absorbed)).OfType<ObservedFinding>()];
            await findings.RecordAsync(new(StormRules.Check, system.Name, null, Complete: true, now, system.Thresholds.GoodObservationsToClose), seen, cancellation);
        }
    }
}
