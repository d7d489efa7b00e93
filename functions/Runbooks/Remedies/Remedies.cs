using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>The rules of acting without being asked.</summary>
internal static class Remedies
{
    /// <summary>The kind's own policy, else that of <c>*</c>, else observe.</summary>
    public static Policy PolicyFor(FleetSystem system, string kind) =>
        system.Policies.TryGetValue(kind, out var own) ? own : system.Policies.GetValueOrDefault("*", Policy.Observe);

    /// <summary>The same place and kind of trouble, whatever the number of its finding.</summary>
    public static string Fingerprint(Finding finding) =>
        string.Join('/', finding.Kind, finding.System, finding.Gateway ?? "-", finding.Tenant ?? "-", finding.Instance ?? "-");

    public static bool InMaintenance(FleetSystem system, DateTimeOffset now)
    {
        if (system.MaintenanceWindows.Count == 0) return false;
        var local = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone)).DateTime;
        return system.MaintenanceWindows.Any(window => Covers(window, local));
    }

    private static bool Covers(MaintenanceWindow window, DateTime local)
    {
        var at = TimeOnly.FromDateTime(local);
        if (window.From <= window.To) return On(window, local) && at >= window.From && at < window.To;
        // Over midnight: the day is that of the start.
        return (On(window, local) && at >= window.From) || (On(window, local.AddDays(-1)) && at < window.To);
    }

    private static bool On(MaintenanceWindow window, DateTime day) => window.Days.Count == 0 || window.Days.Contains(day.DayOfWeek);
}
