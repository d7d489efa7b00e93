using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Backups;

/// <summary>After each sweep: is there a complete set that is young enough? Finding <c>backup_stale</c>; no set at all is stale, too.</summary>
internal sealed class BackupWatch(IFleet fleet, BackupCatalogue catalogue, IFindings findings, TimeProvider time) : IAfterSweep
{
    private const string Check = "backup-age";

    public async Task SweptAsync(SweepReport report, CancellationToken cancellation)
    {
        foreach (var system in (await fleet.CurrentAsync(cancellation))?.Document.Systems ?? [])
        {
            var now = time.GetUtcNow();
            ObservedFinding[] seen = [];
            if (system.Backup is { } backup && Stale(system.Name, await catalogue.NewestAsync(system.Name, cancellation), backup, now) is { } stale) seen = [stale];
            await findings.RecordAsync(new(Check, system.Name, null, Complete: true, now, GoodObservationsToClose: 1), seen, cancellation);
        }
    }

    internal static ObservedFinding? Stale(string system, BackupSet? newest, BackupOptions backup, DateTimeOffset now)
    {
        var age = now - newest?.RequestedAt;
        if (age <= TimeSpan.FromHours(backup.StaleHours)) return null;
        var words = age is { } old ? string.Create(CultureInfo.InvariantCulture, $"The newest backup of {system} is {old.TotalHours:0} hours old") : $"There is no backup of {system}";
        return new("backup_stale", Check, system, null, null, null, Severity.High,
            $"{words}; at most {backup.StaleHours} hours are allowed. Make one now: whatsops backup --system {system}",
            new Dictionary<string, string> { ["newest"] = newest?.Id.ToString() ?? "none", ["allowed_hours"] = backup.StaleHours.ToString(CultureInfo.InvariantCulture) }, null);
    }
}
