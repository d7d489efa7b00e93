using WhatsOps.Events;
using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>Per tenant: uptime against the promise, messages, disconnections, lost events .</summary>
internal sealed class WeeklyMaker(InstanceReader instances, ActivityReader activity, TimeProvider time) : IReportMaker
{
    private static readonly Uptime Unseen = new(0, 0, 0);

    public string Kind => "weekly";

    public ReportWindow Window(DateTimeOffset at, TimeZoneInfo zone) => ReportWindow.Days(at, 7);

    public async Task<MadeReport> MakeAsync(FleetSystem system, ReportWindow window, CancellationToken cancellation)
    {
        var uptimes = await instances.UptimeAsync(system.Name, window, cancellation);
        var moves = await instances.MovesAsync(system.Name, window, cancellation);
        var messages = await activity.MessagesAsync(system.Name, window, cancellation);
        var lost = system.Webhook.Forwards() ? await activity.LostAsync(system.Name, window, cancellation) : null;
        bool hasIn = system.Webhook.Events.Contains("MESSAGES_UPSERT"), hasOut = system.Webhook.Events.Contains("SEND_MESSAGE");
        var sla = system.SlaPercent();
        var allowed = Math.Round((decimal)window.Minutes * (100 - sla) / 100, 1);
        var names = uptimes.Keys.Union(moves.Keys).Union(messages.Keys).Union(lost?.Keys ?? []).Order(StringComparer.Ordinal);
        var tenants = names.Select(name =>
        {
            var (uptime, move, (into, outOf)) = (uptimes.GetValueOrDefault(name, Unseen), moves.GetValueOrDefault(name), messages.GetValueOrDefault(name));
            return new TenantService(
                PhoneMask.Mask(name), uptime.Percent, uptime.CoveragePercent, uptime.DownMinutes, allowed, uptime.Keeps(sla),
                hasIn ? into : null, hasOut ? outOf : null, move?.Pairings ?? 0, move?.Disconnections ?? 0, lost is null ? null : lost.GetValueOrDefault(name));
        });
        List<Unread> missing = [];
        if (lost is null) missing.Add(new(ActivityReader.Deliveries, "Nothing is delivered to the product, so events lost on the way to it are not known.", true));
        if (!hasIn) missing.Add(new("messages.upsert", "MESSAGES_UPSERT is not subscribed, so messages in are not known.", true));
        if (!hasOut) missing.Add(new("send.message", "SEND_MESSAGE is not subscribed, so messages out are not known.", true));
        return new(new WeeklyReport(
            Heads.Of(Kind, system, window, time, missing), sla, InstanceReader.Together(uptimes.Values), [.. tenants]), missing);
    }
}
