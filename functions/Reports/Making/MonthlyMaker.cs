using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>A month beside the month before .</summary>
internal sealed class MonthlyMaker(CallReader calls, InstanceReader instances, ActivityReader activity, TimeProvider time) : IReportMaker
{
    public string Kind => "monthly";

    public ReportWindow Window(DateTimeOffset at, TimeZoneInfo zone) => ReportWindow.Month(at, zone, 1);

    public async Task<MadeReport> MakeAsync(FleetSystem system, ReportWindow window, CancellationToken cancellation)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone);
        var before = Before(window, zone);
        var (now, then) = (await FiguresAsync(system, window, zone, cancellation), await FiguresAsync(system, before, zone, cancellation));
        string[] notes = then.Calls.Requests == 0 && then.Uptime.UpSeconds + then.Uptime.DownSeconds == 0 ? ["Nothing is known of the month before, so there is no trend yet."] : [];
        Trend[] trends =
        [
            new("requests", "", now.Calls.Requests, then.Calls.Requests),
            new("success rate", "%", now.Calls.SuccessPercent, then.Calls.SuccessPercent),
            new("average response time", "ms", now.Calls.AverageMs, then.Calls.AverageMs),
            new("95th percentile", "ms", now.Calls.P95Ms, then.Calls.P95Ms),
            new("uptime", "%", now.Uptime.Percent, then.Uptime.Percent),
            new("time seen", "%", now.Uptime.CoveragePercent, then.Uptime.CoveragePercent),
            new("connections", "", now.Moves.Sum(move => move.Openings), then.Moves.Sum(move => move.Openings)),
            new("disconnections", "", now.Moves.Sum(move => move.Disconnections), then.Moves.Sum(move => move.Disconnections)),
            new("re-authentications", "", now.Moves.Sum(move => move.Pairings), then.Moves.Sum(move => move.Pairings)),
            new("messages in", "", now.Messages.Sum(message => message.In), then.Messages.Sum(message => message.In)),
            new("messages out", "", now.Messages.Sum(message => message.Out), then.Messages.Sum(message => message.Out)),
            new("findings opened", "", now.Findings, then.Findings),
        ];
        return new(new MonthlyReport(Heads.Of(Kind, system, window, time, [], notes), before.From, trends, now.Calls.Days), []);
    }

    // Months differ in length: the one before a whole month is a whole month.
    private static ReportWindow Before(ReportWindow window, TimeZoneInfo zone) =>
        window == ReportWindow.Month(window.From, zone, 0) ? ReportWindow.Month(window.From, zone, 1) : window.Before;

    private async Task<Month> FiguresAsync(FleetSystem system, ReportWindow window, TimeZoneInfo zone, CancellationToken cancellation) => new(
        await calls.ReadAsync(system.Name, window, zone, cancellation),
        InstanceReader.Together((await instances.UptimeAsync(system.Name, window, cancellation)).Values),
        [.. (await instances.MovesAsync(system.Name, window, cancellation)).Values],
        [.. (await activity.MessagesAsync(system.Name, window, cancellation)).Values],
        (await activity.FindingsAsync(system.Name, window, cancellation)).Sum(kind => kind.Count));

    private sealed record Month(CallFigures Calls, Uptime Uptime, IReadOnlyList<Moves> Moves, IReadOnlyList<(long In, long Out)> Messages, long Findings);
}
