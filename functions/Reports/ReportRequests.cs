using System.Globalization;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Reports;

/// <summary>Reads what a caller asked of a report; a problem names the parameter and the fix.</summary>
internal static class ReportRequests
{
    public const int MostDays = 400;

    /// <summary><c>format</c>: json when absent.</summary>
    public static ReportFormat Format(IQueryCollection query)
    {
        var name = query.Text("format") ?? "json";
        return ReportFormat.Find(name) ?? throw new ProblemException(400, $"There is no format {name}.", "format", "Use json, csv or html.");
    }

    /// <summary><c>from</c> and <c>to</c>, or <c>days</c> up to <c>to</c>, or the kind's own window up to <c>to</c>; <c>to</c> is now when absent.</summary>
    public static ReportWindow Window(IQueryCollection query, IReportMaker maker, TimeZoneInfo zone, DateTimeOffset now)
    {
        var to = Time(query, "to") ?? now;
        if (to > now) throw new ProblemException(400, "to is in the future.", "to", "Leave it out for now.");
        var days = query.Text("days");
        if (Time(query, "from") is { } from)
        {
            if (days is not null) throw new ProblemException(400, "from and days say the same twice.", "days", "Give one of them.");
            var window = new ReportWindow(UtcHours.Floor(from), UtcHours.Floor(to));
            if (window.From >= window.To) throw new ProblemException(400, "The window holds no full hour.", "from", "Choose from at least an hour before to; totals are kept by the hour.");
            if (window.To - window.From > TimeSpan.FromDays(MostDays)) throw new ProblemException(400, $"The window is longer than {MostDays} days.", "from", "Choose a later from.");
            return window;
        }

        if (days is null) return maker.Window(to, zone);
        return int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MostDays
            ? ReportWindow.Days(to, number)
            : throw new ProblemException(400, $"days must be a whole number from 1 to {MostDays}.", "days");
    }

    private static DateTimeOffset? Time(IQueryCollection query, string name) => query.Text(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new ProblemException(400, $"{name} is no time.", name, "Write it like 2026-03-01T00:00:00Z.");
}
