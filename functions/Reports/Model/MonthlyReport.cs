using System.Globalization;

namespace WhatsOps.Reports;

/// <summary>A month beside the one before (R-125); what it means is for people to say.</summary>
/// <param name="BeforeFrom">Start of the month before; it ends where the report's window begins.</param>
/// <param name="Days">Calls of WhatsOps per day of the month.</param>
public sealed record MonthlyReport(ReportHead Head, DateTimeOffset BeforeFrom, IReadOnlyList<Trend> Trends, IReadOnlyList<DayCalls> Days) : IReport
{
    public string Summary()
    {
        var moved = Trends.Where(trend => trend.ChangePercent is not null and not 0).Select(trend =>
            string.Create(CultureInfo.InvariantCulture, $"{trend.Name} {trend.ChangePercent:+0.0;-0.0}%")).ToArray();
        return moved.Length == 0 ? "Nothing moved against the month before, or one of the two is not known." : $"Against the month before: {string.Join(", ", moved)}.";
    }

    public ReportLayout Layout() => new("Monthly report", Head,
    [
        new("Trends")
        {
            Tables =
            [
                new(["Figure", "Unit", "This month", "Month before", "Change %"],
                    [.. Trends.Select(trend => (Cell[])[Cell.Of(trend.Name), Cell.Of(trend.Unit.Length > 0 ? trend.Unit : "count"), Cell.Of(trend.Now), Cell.Of(trend.Before), Cell.Of(trend.ChangePercent)])]),
            ],
            Charts = [new("Requests per day", ChartKind.Columns, "requests", [.. Days.Select(day => new ChartPoint(Cell.Of(day.Day).Text, day.Requests, day.Failures))]) { PartName = "failed" }],
        },
    ]);
}
