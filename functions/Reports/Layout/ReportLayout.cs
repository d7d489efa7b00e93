namespace WhatsOps.Reports;

/// <summary>A report as people read it, before it is CSV or a page.</summary>
public sealed record ReportLayout(string Title, ReportHead Head, IReadOnlyList<ReportSection> Sections);
