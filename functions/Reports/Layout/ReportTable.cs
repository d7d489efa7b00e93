namespace WhatsOps.Reports;

/// <summary>Rows under column titles; the first column names the row.</summary>
public sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<Cell[]> Rows);
