using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>Makes one kind of report. Totals are SQL's work; what a maker fetches is as long as the report.</summary>
public interface IReportMaker
{
    /// <summary><see cref="ReportHead.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>The window of a report made at a time when nobody names another.</summary>
    ReportWindow Window(DateTimeOffset at, TimeZoneInfo zone);

    Task<MadeReport> MakeAsync(FleetSystem system, ReportWindow window, CancellationToken cancellation);
}
