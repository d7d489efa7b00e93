using System.Globalization;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Reminds people of what must be renewed by a day of the fleet file. Days are counted by the calendar of the system's time zone, and nothing is asked:
/// renewed is what the fleet file says is renewed.
/// </summary>
internal sealed class RenewalProbe(TimeProvider time) : IProbe
{
    private const int HighPart = 5;

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Renewals ?? []).Select(target =>
        new Look("renewal/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, _ => Task.FromResult(Read(target, Today(system)))));

    private DateOnly Today(FleetSystem system) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone)).DateTime);

    internal static Reading Read(RenewalTarget target, DateOnly today)
    {
        if (target.Due() is not { } due) return Reading.Absent("The fleet file does not say by when it must be renewed.");
        var days = due.DayNumber - today.DayNumber;
        var day = due.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var measures = new Measure[] { new("renewal.days", days) };
        if (days > target.DaysBefore) return Reading.Seen($"To be renewed by {day}.", measures);

        // What expires has stopped working; what is only due by a rule still works.
        var severity = (days, target.Expires) switch
        {
            ( < 0, not null) => Severity.Critical,
            _ when days * HighPart < target.DaysBefore => Severity.High,
            _ => Severity.Medium,
        };
        var when = (days, target.Expires) switch
        {
            ( < 0, not null) => $"is expired since {day}",
            ( < 0, null) => $"should have been renewed by {day}",
            (0, _) => $"must be renewed today ({day})",
            (1, _) => $"must be renewed by tomorrow ({day})",
            _ => $"must be renewed within {days} days, by {day}",
        };
        var fix = $"Fix: {(target.How is { } how ? how.TrimEnd('.') + ", then" : "renew it, then")} write the new date into the fleet file.";
        return Reading.Seen($"To be renewed by {day}.", measures, new Trouble(TroubleKinds.RenewalDue, severity, $"{target.What} {when}. {fix}")
        {
            Evidence = new Dictionary<string, string> { ["what"] = target.What, ["due"] = day, ["days"] = days.ToString(CultureInfo.InvariantCulture) },
        });
    }
}
