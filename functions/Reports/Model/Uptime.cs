using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>How long instances were seen up and seen down. Time in which nobody looked, or the state is unknown, is neither.</summary>
/// <param name="WindowSeconds">Length of the window, once per instance.</param>
public sealed record Uptime(decimal UpSeconds, decimal DownSeconds, decimal WindowSeconds)
{
    /// <summary>Up, of the time that was seen; two decimals; null when nothing was seen.</summary>
    public decimal? Percent => Share(UpSeconds, UpSeconds + DownSeconds);

    /// <summary>Seen, of the window; two decimals; null without any instance.</summary>
    public decimal? CoveragePercent => Share(UpSeconds + DownSeconds, WindowSeconds);

    public decimal DownMinutes => Math.Round(DownSeconds / 60, 1);

    /// <summary>
    /// Whether the seen time keeps a promised percentage, compared exactly. Null when less than 90 percent of the window were seen, unless it was down for longer than the
    /// whole window may have: what nobody saw cannot make up for that.
    /// </summary>
    public bool? Keeps(decimal percent) =>
        DownSeconds * 100 > (100 - percent) * WindowSeconds ? false
        : (UpSeconds + DownSeconds) * 100 < SystemThresholds.LeastCoveragePercent * WindowSeconds || WindowSeconds == 0 ? null
        : UpSeconds * 100 >= percent * (UpSeconds + DownSeconds);

    internal static decimal? Share(decimal part, decimal whole) => whole == 0 ? null : Math.Round(part * 100 / whole, 2);
}
