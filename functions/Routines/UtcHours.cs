namespace WhatsOps.Routines;

/// <summary>Whole hours of UTC: totals are kept by them, so windows of reports begin and end there.</summary>
public static class UtcHours
{
    /// <summary>The full hour before or at a time.</summary>
    public static DateTimeOffset Floor(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerHour));
    }

    /// <summary>The hour in which a day of a time zone begins.</summary>
    public static DateTimeOffset Midnight(DateTime day, TimeZoneInfo zone)
    {
        // Some zones change their clocks at midnight: that hour is not there, the day begins at its end.
        if (zone.IsInvalidTime(day)) day = day.AddHours(1);
        return Floor(new DateTimeOffset(day, zone.GetUtcOffset(day)));
    }
}
