using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a rule that knows planned restarts may judge: nothing from a maintenance window, and nothing that grew across one.</summary>
internal static class PlannedTimes
{
    /// <summary>The samples since the last window, whether or not any sample lies in it: a target may be down for the whole of it.</summary>
    public static IReadOnlyList<Sample> Without(FleetSystem system, WatchRule rule, IReadOnlyList<Sample> series)
    {
        if (!rule.ExceptInMaintenance || series.Count == 0 || MaintenanceWindows.LastEnd(system, series[^1].At) is not { } end) return series;
        return [.. series.Where(sample => sample.At >= end)];
    }

    /// <summary>A short uptime whose start lies in a window: it was meant to start then.</summary>
    public static bool IsPlannedStart(FleetSystem system, WatchRule rule, Sample newest) =>
        rule.ExceptInMaintenance && rule.Metric.EndsWith(Uptime.Metric, StringComparison.Ordinal) && Uptime.StartOf(newest) is { } started && IsPlanned(system, started);

    private static bool IsPlanned(FleetSystem system, DateTimeOffset at) => MaintenanceWindows.Contain(system, null, at);
}
