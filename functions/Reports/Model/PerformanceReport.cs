using System.Globalization;

namespace WhatsOps.Reports;

/// <summary>How the gateways answered (R-045…R-049).</summary>
public sealed record PerformanceReport(ReportHead Head, IReadOnlyList<CallFigures> Sources) : IReport
{
    public string Summary() => string.Join(' ', Sources.Select(source => source.Requests == 0
        ? $"{source.Source}: nothing was called."
        : string.Create(CultureInfo.InvariantCulture,
            $"{source.Source}: {source.Requests} requests, {source.SuccessPercent}% successful, on average {Ms(source.AverageMs)}, 95% within {Ms(source.P95Ms)}.")));

    public ReportLayout Layout() => new("Performance", Head, [.. Sources.SelectMany(Sections)]);

    private static IEnumerable<ReportSection> Sections(CallFigures calls)
    {
        var title = calls.Source == "api_logs" ? "Calls of the product (api_logs)" : "Calls of WhatsOps (gateway_calls)";
        yield return new(title)
        {
            Figures =
            [
                new("Requests", Cell.Of(calls.Requests)), new("Successes", Cell.Of(calls.Successes)), new("Success rate", Cell.Of(calls.SuccessPercent), "%"),
                new("Without an answer", Cell.Of(calls.Unanswered)), new("Average response time", Cell.Of(calls.AverageMs), "ms"), new("95th percentile", Cell.Of(calls.P95Ms), "ms"),
            ],
            Charts = [new("Requests per day", ChartKind.Columns, "requests", [.. calls.Days.Select(day => new ChartPoint(Cell.Of(day.Day).Text, day.Requests, day.Failures))])
                { PartName = "failed" }],
            Empty = calls.Requests == 0 ? "Nothing was called, so there is no rate." : null,
        };
        yield return new($"{title}: errors by type") { Tables = [new(["Type", "Errors"], [.. calls.Errors.Select(error => (Cell[])[Cell.Of(error.Name), Cell.Of(error.Count)])])], Empty = calls.Errors.Count == 0 ? "None." : null };
        yield return new($"{title}: slowest tenants")
        {
            Tables = [new(["Tenant", "Average ms", "Answers"], [.. calls.SlowestTenants.Select(tenant => (Cell[])[Cell.Of(tenant.Tenant), Cell.Of(tenant.AverageMs), Cell.Of(tenant.Answers)])])],
            Charts = [new("Average response time", ChartKind.Bars, "ms", [.. calls.SlowestTenants.Select(tenant => new ChartPoint(tenant.Tenant, tenant.AverageMs))])],
            Empty = calls.SlowestTenants.Count == 0 ? "No call of a tenant was answered." : null,
        };
    }

    private static string Ms(decimal? value) => value is null ? "no answer" : string.Create(CultureInfo.InvariantCulture, $"{value} ms");
}
