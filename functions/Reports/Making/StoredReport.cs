namespace WhatsOps.Reports;

/// <summary>A report that a routine left in Blob Storage.</summary>
/// <param name="At">When it was due in the system's time zone, e.g. <c>2026-03-01T0800</c>; with a format it is the file's name.</param>
public sealed record StoredReport(string System, string Routine, string At, IReadOnlyList<string> Formats);
