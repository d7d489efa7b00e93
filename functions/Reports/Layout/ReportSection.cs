namespace WhatsOps.Reports;

/// <summary>A titled part of a report: figures, then charts, then tables.</summary>
public sealed record ReportSection(string Title)
{
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];

    public IReadOnlyList<ReportChart> Charts { get; init; } = [];

    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>What stands here when there is nothing to show; null: there is.</summary>
    public string? Empty { get; init; }
}
