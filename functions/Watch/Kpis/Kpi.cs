using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>A key indicator of a target over the report's days.</summary>
/// <param name="Name">availability, latency, slowest answer, throughput, error rate, use of processor, …</param>
/// <param name="Subject">What of the target it is of; empty: the target.</param>
/// <param name="Before">The same over the days before, as many; null: it was not watched then.</param>
public sealed record Kpi(string Name, string Target, string Subject, double Value, double? Before, string Unit)
{
    /// <summary>Growth in percent; null where there is nothing to compare with.</summary>
    public double? ChangePercent => Before is > 0 and var before ? (Value - before) / before * 100 : null;

    /// <summary>Of an availability: the share of the days, in percent, in which the target was looked at, by the pace that the fleet file gives it. Null: of anything else, or the file no longer names it.</summary>
    public double? CoveragePercent { get; init; }

    /// <summary>True: it was looked at for less than 90 percent of the days.</summary>
    public bool IsIncomplete => CoveragePercent < SystemThresholds.LeastCoveragePercent;
}
