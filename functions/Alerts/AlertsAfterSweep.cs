using WhatsOps.Health;

namespace WhatsOps.Alerts;

/// <summary>Tells what a sweep found while it is fresh. Short: whoever asked for the sweep is waiting for its report.</summary>
internal sealed class AlertsAfterSweep(AlertPlanner planner, AlertSender sender) : IAfterSweep
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task SweptAsync(SweepReport report, CancellationToken cancellation)
    {
        await planner.PlanAsync(cancellation);
        await sender.DrainAsync(Patience, cancellation);
    }
}
