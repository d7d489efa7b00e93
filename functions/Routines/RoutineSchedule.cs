using Cronos;

namespace WhatsOps.Routines;

/// <summary>
/// When a routine is due: five-field cron in a time zone. An hour that the clock skips in spring is taken at its end, one that it repeats in autumn
/// is taken once (Cronos' rules).
/// </summary>
public sealed class RoutineSchedule
{
    /// <summary>The word in the fleet file that switches a routine off.</summary>
    public const string Off = "off";

    // Longer than the rarest routine needs to be found (a month), short enough to walk through a five-minute schedule.
    private static readonly TimeSpan LongestLookBack = TimeSpan.FromDays(100);

    private readonly CronExpression _cron;
    private readonly TimeZoneInfo _zone;

    private RoutineSchedule(CronExpression cron, TimeZoneInfo zone) => (_cron, _zone) = (cron, zone);

    /// <summary>Null when the schedule says <see cref="Off"/>.</summary>
    /// <exception cref="CronFormatException">It is no five-field cron expression.</exception>
    public static RoutineSchedule? Parse(string schedule, TimeZoneInfo zone) =>
        schedule == Off ? null : new(CronExpression.Parse(schedule), zone);

    /// <summary>The latest time it was due after <paramref name="last"/>, up to now; null: it was not. However many were missed, one is made up for.</summary>
    public DateTimeOffset? Due(DateTimeOffset last, DateTimeOffset now)
    {
        var from = last < now - LongestLookBack ? now - LongestLookBack : last;
        DateTimeOffset? due = null;
        for (var next = Next(from); next is { } at && at <= now; next = Next(at)) due = at;
        return due;
    }

    /// <summary>The next time after a time; null: never.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _cron.GetNextOccurrence(after, _zone)?.ToUniversalTime();
}
