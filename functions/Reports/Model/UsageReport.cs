using System.Globalization;

namespace WhatsOps.Reports;

/// <summary>How much the system is used (R-101…R-105).</summary>
/// <param name="Tenants">Of the product; null when its database could not be asked.</param>
/// <param name="ActiveIntegrations">WhatsApp integrations that the product has switched on.</param>
/// <param name="Connections">Changes of an instance to open.</param>
/// <param name="Disconnections">Changes from open to connecting, close or refused; from connecting too, because Evolution sends no close for a transient one.</param>
/// <param name="TopTenants">By events, at most ten.</param>
/// <param name="Errors">Failed calls of WhatsOps by type.</param>
/// <param name="Findings">Opened within the window, by kind.</param>
public sealed record UsageReport(
    ReportHead Head, long? Tenants, long? ActiveTenants, long? ActiveIntegrations, long Connections, long Disconnections, long Reauthentications, Uptime Uptime,
    IReadOnlyList<CountOf> TopTenants, IReadOnlyList<CountOf> Errors, IReadOnlyList<CountOf> Findings) : IReport
{
    public string Summary() => string.Create(CultureInfo.InvariantCulture,
        $"{Tenants?.ToString(CultureInfo.InvariantCulture) ?? "An unknown number of"} tenants, {ActiveIntegrations?.ToString(CultureInfo.InvariantCulture) ?? "?"} active integrations; {Connections} connections, {Disconnections} disconnections; up {Known(Uptime.Percent)} of the {Known(Uptime.CoveragePercent)} of the time that was seen.");

    public ReportLayout Layout() => new("Usage", Head,
    [
        new("Totals")
        {
            Figures =
            [
                new("Tenants", Cell.Of(Tenants)), new("Active tenants", Cell.Of(ActiveTenants)), new("Active integrations", Cell.Of(ActiveIntegrations)),
                new("Connections", Cell.Of(Connections)), new("Disconnections", Cell.Of(Disconnections)), new("Re-authentications", Cell.Of(Reauthentications)),
                new("Average uptime", Cell.Of(Uptime.Percent), "%"), new("Time seen", Cell.Of(Uptime.CoveragePercent), "%"),
            ],
        },
        Counts("Most active tenants", "Tenant", "Events", TopTenants, "No event came."),
        Counts("Failed calls by type", "Type", "Errors", Errors, "None."),
        Counts("Findings opened by kind", "Kind", "Findings", Findings, "None."),
    ]);

    private static ReportSection Counts(string title, string name, string count, IReadOnlyList<CountOf> counts, string empty) => new(title)
    {
        Tables = [new([name, count], [.. counts.Select(item => (Cell[])[Cell.Of(item.Name), Cell.Of(item.Count)])])],
        Charts = [new(title, ChartKind.Bars, count, [.. counts.Take(10).Select(item => new ChartPoint(item.Name, item.Count))])],
        Empty = counts.Count == 0 ? empty : null,
    };

    private static string Known(decimal? percent) => percent is null ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{percent}%");
}
