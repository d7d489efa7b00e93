namespace WhatsOps.Reports;

/// <summary>A chart; one without points is not drawn.</summary>
public sealed record ReportChart(string Title, ChartKind Kind, string Unit, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>The end of the scale; null: the greatest value.</summary>
    public decimal? Most { get; init; }

    /// <summary>What the part of each value is; null: there are no parts.</summary>
    public string? PartName { get; init; }
}
