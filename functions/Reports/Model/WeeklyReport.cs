using System.Globalization;

namespace WhatsOps.Reports;

/// <summary>The service each tenant got in a week (R-108), against the promised uptime.</summary>
/// <param name="SlaPercent">Threshold <c>slaPercent</c>.</param>
/// <param name="Tenants">By name.</param>
public sealed record WeeklyReport(ReportHead Head, decimal SlaPercent, Uptime Uptime, IReadOnlyList<TenantService> Tenants) : IReport
{
    public string Summary()
    {
        var broken = Tenants.Where(tenant => tenant.SlaKept == false).Select(tenant => tenant.Tenant).ToArray();
        var unknown = Tenants.Count(tenant => tenant.SlaKept is null);
        var sla = broken.Length == 0 ? $"none known to be below {Number(SlaPercent)}%" : $"{broken.Length} below {Number(SlaPercent)}%: {string.Join(", ", broken.Take(5))}{(broken.Length > 5 ? ", …" : "")}";
        return $"{Tenants.Count} tenants, up {(Uptime.Percent is { } up ? Number(up) + "%" : "unknown")}; {sla}{(unknown == 0 ? "" : $", {unknown} seen too little to tell")}.";
    }

    public ReportLayout Layout() => new("Weekly report", Head,
    [
        new("Service")
        {
            Figures =
            [
                new("Tenants", Cell.Of(Tenants.Count)), new("Average uptime", Cell.Of(Uptime.Percent), "%"), new("Time seen", Cell.Of(Uptime.CoveragePercent), "%"),
                new("Promised uptime", Cell.Of(SlaPercent), "%"), new("Tenants below it", Cell.Of(Tenants.Count(tenant => tenant.SlaKept == false))),
                new("Seen too little to tell", Cell.Of(Tenants.Count(tenant => tenant.SlaKept is null))),
            ],
            Charts = [new("Lowest uptime", ChartKind.Bars, "%", [.. Tenants.Where(tenant => tenant.UptimePercent is not null)
                .OrderBy(tenant => tenant.UptimePercent).ThenBy(tenant => tenant.Tenant, StringComparer.Ordinal).Take(10).Select(tenant => new ChartPoint(tenant.Tenant, tenant.UptimePercent!.Value))]) { Most = 100 }],
        },
        new("Tenants")
        {
            Tables =
            [
                new(["Tenant", "Uptime %", "Seen %", "Minutes down", "Minutes allowed", "Kept", "Messages in", "Messages out", "Re-authentications", "Disconnections", "Lost events"],
                [
                    .. Tenants.Select(tenant => (Cell[])
                    [
                        Cell.Of(tenant.Tenant), Cell.Of(tenant.UptimePercent), Cell.Of(tenant.CoveragePercent), Cell.Of(tenant.DownMinutes), Cell.Of(tenant.SlaMinutes),
                        Cell.Of(tenant.SlaKept), Cell.Of(tenant.MessagesIn), Cell.Of(tenant.MessagesOut), Cell.Of(tenant.Reauthentications), Cell.Of(tenant.Disconnections),
                        Cell.Of(tenant.LostEvents),
                    ]),
                ]),
            ],
            Empty = Tenants.Count == 0 ? "No tenant was seen." : null,
        },
    ]);

    private static string Number(decimal value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
