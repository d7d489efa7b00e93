namespace WhatsOps.Reports;

/// <summary>One figure of a month beside that of the month before.</summary>
/// <param name="Now">Null: not known.</param>
public sealed record Trend(string Name, string Unit, decimal? Now, decimal? Before)
{
    /// <summary>Growth in percent, one decimal; null when either is unknown or there was nothing before.</summary>
    public decimal? ChangePercent => Now is { } now && Before is { } before && before != 0 ? Math.Round((now - before) * 100 / before, 1) : null;
}
