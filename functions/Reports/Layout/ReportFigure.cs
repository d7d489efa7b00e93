namespace WhatsOps.Reports;

/// <summary>One number with its name.</summary>
public sealed record ReportFigure(string Name, Cell Value, string Unit = "");
