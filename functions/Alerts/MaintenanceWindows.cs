using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Whether a system is in one of its maintenance windows, in its own time zone.</summary>
internal static class MaintenanceWindows
{
    public static bool Contain(FleetSystem system, DateTimeOffset now)
    {
        if (system.MaintenanceWindows.Count == 0) return false;
        var local = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone));
        var time = TimeOnly.FromTimeSpan(local.TimeOfDay);
        return system.MaintenanceWindows.Any(window => window.From <= window.To
            ? IsDay(window, local.DayOfWeek) && time >= window.From && time < window.To
            // Over midnight: the early hours belong to the day before.
            : (IsDay(window, local.DayOfWeek) && time >= window.From) || (IsDay(window, local.AddDays(-1).DayOfWeek) && time < window.To));
    }

    private static bool IsDay(MaintenanceWindow window, DayOfWeek day) => window.Days.Count == 0 || window.Days.Contains(day);
}
