namespace WhatsOps.Reports;

/// <summary>What a report covers: whole hours of UTC, <paramref name="From"/> included, <paramref name="To"/> not, because totals are kept by the hour.</summary>
public sealed record ReportWindow(DateTimeOffset From, DateTimeOffset To)
{
    public double Minutes => (To - From).TotalMinutes;

    /// <summary>The window of the same length right before.</summary>
    public ReportWindow Before => new(From - (To - From), From);

    /// <summary>Days of 24 hours up to the hour that <paramref name="end"/> is in.</summary>
    public static ReportWindow Days(DateTimeOffset end, int days) => new(Hour(end).AddDays(-days), Hour(end));

    /// <summary>A whole month of a time zone.</summary>
    /// <param name="back">1: the month before the one that <paramref name="moment"/> is in.</param>
    public static ReportWindow Month(DateTimeOffset moment, TimeZoneInfo zone, int back)
    {
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        var first = new DateTime(local.Year, local.Month, 1).AddMonths(-back);
        return new(Midnight(first, zone), Midnight(first.AddMonths(1), zone));
    }

    /// <summary>The full hour before or at a time.</summary>
    public static DateTimeOffset Hour(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerHour));
    }

    private static DateTimeOffset Midnight(DateTime local, TimeZoneInfo zone)
    {
        // Some zones change their clocks at midnight: that hour is not there, the day begins at its end.
        if (zone.IsInvalidTime(local)) local = local.AddHours(1);
        return Hour(new DateTimeOffset(local, zone.GetUtcOffset(local)));
    }
}
