namespace WhatsOps.Fleet;

/// <summary>Whether a system or one of its tenants is in a maintenance window, in the system's own time zone.</summary>
internal static class MaintenanceWindows
{
    private const int DaysOfWeek = 7;

    /// <param name="tenant">Null: the system itself; a window of some tenants is none of the system.</param>
    public static bool Contain(FleetSystem system, string? tenant, DateTimeOffset now)
    {
        if (system.MaintenanceWindows.Count == 0) return false;
        var local = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone)).DateTime;
        return system.MaintenanceWindows.Any(window => IsFor(window, tenant) && Covers(window, local));
    }

    /// <summary>When the last window of the system itself that had begun by then ends, or will; null: none began in the week before.</summary>
    public static DateTimeOffset? LastEnd(FleetSystem system, DateTimeOffset now)
    {
        if (system.MaintenanceWindows.Count == 0) return null;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone);
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var ends = (from window in system.MaintenanceWindows
                    where IsFor(window, null) && window.From != window.To
                    from day in Enumerable.Range(0, DaysOfWeek + 1).Select(days => local.Date.AddDays(-days))
                    where On(window, day) && day + window.From.ToTimeSpan() <= local
                    select day.AddDays(window.From > window.To ? 1 : 0) + window.To.ToTimeSpan()).ToArray();
        return ends.Length == 0 ? null : new DateTimeOffset(ends.Max(), zone.GetUtcOffset(ends.Max()));
    }

    private static bool IsFor(MaintenanceWindow window, string? tenant) => window.Tenants.Count == 0 || (tenant is not null && window.Tenants.Contains(tenant, StringComparer.Ordinal));

    private static bool Covers(MaintenanceWindow window, DateTime local)
    {
        var at = TimeOnly.FromDateTime(local);
        if (window.From <= window.To) return On(window, local) && at >= window.From && at < window.To;
        // Over midnight: the early hours belong to the day before.
        return (On(window, local) && at >= window.From) || (On(window, local.AddDays(-1)) && at < window.To);
    }

    private static bool On(MaintenanceWindow window, DateTime day) => window.Days.Count == 0 || window.Days.Contains(day.DayOfWeek);
}
