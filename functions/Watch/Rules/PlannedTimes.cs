using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a rule that knows planned restarts may judge: nothing from a maintenance window, and nothing that grew across one.</summary>
internal static class PlannedTimes
{
    /// <summary>The samples since the last window.</summary>
    public static IReadOnlyList<Sample> Without(FleetSystem system, WatchRule rule, IReadOnlyList<Sample> series)
    {
        if (!rule.ExceptInMaintenance || system.MaintenanceWindows.Count == 0) return series;
        var first = series.Count;
        while (first > 0 && !IsPlanned(system, series[first - 1].At)) first--;
        return first == 0 ? series : [.. series.Skip(first)];
    }

    /// <summary>A short uptime whose start lies in a window: it was meant to start then.</summary>
    public static bool IsPlannedStart(FleetSystem system, WatchRule rule, Sample newest) =>
        rule.ExceptInMaintenance && rule.Metric.EndsWith(Uptime.Metric, StringComparison.Ordinal) && Uptime.StartOf(newest) is { } started && IsPlanned(system, started);

    private static bool IsPlanned(FleetSystem system, DateTimeOffset at) => MaintenanceWindows.Contain(system, null, at);
}
