namespace WhatsOps.Reports;

/// <summary>How a chart is drawn.</summary>
public enum ChartKind
{
    /// <summary>Lying, one per name.</summary>
    Bars,

    /// <summary>Standing, one per day.</summary>
    Columns,
}
