namespace WhatsOps.Reports;

/// <summary>A source that a report had to do without.</summary>
/// <param name="Why">One sentence for the report's notes.</param>
/// <param name="IsAbsent">True: it is not there at all; false: it could not be read this time.</param>
public sealed record Unread(string Source, string Why, bool IsAbsent);
