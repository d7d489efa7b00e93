namespace WhatsOps.Reports;

/// <summary>One bar or column.</summary>
/// <param name="Part">How much of the value is drawn apart, e.g. failures.</param>
public sealed record ChartPoint(string Label, decimal Value, decimal Part = 0);
