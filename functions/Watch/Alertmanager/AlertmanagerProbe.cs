using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Looks at what Alertmanager told: what fires is a finding until it says resolved. It tells nothing while nothing changes, so only a watchdog,
/// an alert that always fires, shows that its silence is health.
/// </summary>
internal sealed class AlertmanagerProbe(AlertmanagerStore store, TimeProvider time) : IProbe
{
    public const string Family = "alertmanager";

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Alertmanager ?? []).Select(target =>
        new Look($"{Family}/{target.Name}", TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, token => ReadAsync(system.Name, target, token)));

    private async Task<Reading> ReadAsync(string system, AlertmanagerTarget target, CancellationToken cancellation)
    {
        var heard = await store.FiringAsync(system, target.Name, cancellation);
        var firing = heard.Where(one => one.Alert.Name != target.Watchdog).Select(one => one.Alert).ToArray();
        var troubles = firing.Select(alert => alert.ToTrouble()).ToList();
        if (target.Watchdog is { } watchdog && !heard.Any(one => one.Alert.Name == watchdog && time.GetUtcNow() - one.HeardAt <= TimeSpan.FromMinutes(target.WatchdogMinutes)))
            troubles.Add(new(TroubleKinds.NotObservable, Severity.High, $"The watchdog {watchdog} was not heard of for {target.WatchdogMinutes} minutes: Prometheus or Alertmanager are down, or their notifications do not arrive here.") { Subject = watchdog });
        return Reading.Seen(firing.Length == 0 ? "It tells of no alert that fires." : $"{firing.Length} alerts fire.", [new("alertmanager.alerts.firing", firing.Length)], troubles);
    }
}
