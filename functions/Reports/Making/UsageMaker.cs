using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>Tenants, connections, uptime, activity and errors of some days (R-101…R-105).</summary>
internal sealed class UsageMaker(CallReader calls, InstanceReader instances, ActivityReader activity, ProductReader product, TimeProvider time) : IReportMaker
{
    private const int MostTenants = 10;

    public string Kind => "usage";

    public ReportWindow Window(DateTimeOffset at, TimeZoneInfo zone) => ReportWindow.Days(at, 30);

    public async Task<MadeReport> MakeAsync(FleetSystem system, ReportWindow window, CancellationToken cancellation)
    {
        var (tenants, unread) = await product.CountTenantsAsync(system, cancellation);
        Unread[] missing = unread is null ? [] : [unread];
        var moves = (await instances.MovesAsync(system.Name, window, cancellation)).Values;
        var own = await calls.ReadAsync(system.Name, window, TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone), cancellation);
        return new(new UsageReport(
            Heads.Of(Kind, system, window, time, missing), tenants?.All, tenants?.Active, tenants?.ActiveIntegrations,
            moves.Sum(move => move.Openings), moves.Sum(move => move.Disconnections), moves.Sum(move => move.Pairings),
            InstanceReader.Together((await instances.UptimeAsync(system.Name, window, cancellation)).Values),
            await activity.TopTenantsAsync(system.Name, window, MostTenants, cancellation), own.Errors,
            await activity.FindingsAsync(system.Name, window, cancellation)), missing);
    }
}
