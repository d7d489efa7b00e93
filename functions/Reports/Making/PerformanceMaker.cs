using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>Requests, successes, times, errors, slowest tenants: of WhatsOps' own calls and of the product's (R-045…R-049).</summary>
internal sealed class PerformanceMaker(CallReader calls, ProductReader product, TimeProvider time) : IReportMaker
{
    public string Kind => "performance";

    public ReportWindow Window(DateTimeOffset at, TimeZoneInfo zone) => ReportWindow.Days(at, 7);

    public async Task<MadeReport> MakeAsync(FleetSystem system, ReportWindow window, CancellationToken cancellation)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone);
        var own = await calls.ReadAsync(system.Name, window, zone, cancellation);
        var (products, unread) = await product.ReadCallsAsync(system, window, zone, cancellation);
        Unread[] missing = unread is null ? [] : [unread];
        return new(new PerformanceReport(Heads.Of(Kind, system, window, time, missing), products is null ? [own] : [own, products]), missing);
    }
}
