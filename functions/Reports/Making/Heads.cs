using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>Heads of reports.</summary>
internal static class Heads
{
    public static ReportHead Of(string kind, FleetSystem system, ReportWindow window, TimeProvider time, IEnumerable<Unread> unread, params IEnumerable<string> notes) =>
        new(kind, system.Name, window.From, window.To, system.TimeZone, time.GetUtcNow(), [.. unread.Select(source => source.Why), .. notes]);
}
