namespace WhatsOps.Reports;

/// <summary>What every report begins with.</summary>
/// <param name="Kind"><c>performance</c>, <c>usage</c>, <c>weekly</c> or <c>monthly</c>.</param>
/// <param name="TimeZone">IANA name; days in the report are this zone's.</param>
/// <param name="Notes">What is missing, and why: a source that is absent is stated, never a row of zeroes.</param>
public sealed record ReportHead(
    string Kind, string System, DateTimeOffset From, DateTimeOffset To, string TimeZone, DateTimeOffset MadeAt, IReadOnlyList<string> Notes);
