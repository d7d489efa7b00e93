namespace WhatsOps.Fleet;

/// <summary>Whether a system or one of its tenants is in a maintenance window, in the system's own time zone.</summary>
internal static class MaintenanceWindows
{
    /// <param name="tenant">Null: the system itself; a window of some tenants is none of the system.</param>
    public static bool Contain(FleetSystem system, string? tenant, DateTimeOffset now)
    {
        if (system.MaintenanceWindows.Count == 0) return false;
        var local = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone)).DateTime;
        return system.MaintenanceWindows.Any(window => IsFor(window, tenant) && Covers(window, local));
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
