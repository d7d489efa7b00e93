using WhatsOps.Routines;

namespace WhatsOps.Reports;

/// <summary>What a report covers: whole hours of UTC, <paramref name="From"/> included, <paramref name="To"/> not, because totals are kept by the hour.</summary>
public sealed record ReportWindow(DateTimeOffset From, DateTimeOffset To)
{
    public double Minutes => (To - From).TotalMinutes;

    /// <summary>The window of the same length right before.</summary>
    public ReportWindow Before => new(From - (To - From), From);

    /// <summary>Days of 24 hours up to the hour that <paramref name="end"/> is in.</summary>
    public static ReportWindow Days(DateTimeOffset end, int days) => new(UtcHours.Floor(end).AddDays(-days), UtcHours.Floor(end));

    /// <summary>A whole month of a time zone.</summary>
    /// <param name="back">1: the month before the one that <paramref name="moment"/> is in.</param>
    public static ReportWindow Month(DateTimeOffset moment, TimeZoneInfo zone, int back)
    {
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        var first = new DateTime(local.Year, local.Month, 1).AddMonths(-back);
        return new(UtcHours.Midnight(first, zone), UtcHours.Midnight(first.AddMonths(1), zone));
    }
}
