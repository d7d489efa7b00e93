using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>What a performance report finds wrong: slow answers (R-071), too many errors (R-072), grouped by type (R-075), and a source that is not there.</summary>
internal sealed class PerformanceFindings(IFindings findings, TimeProvider time)
{
    private const int ErrorsNamed = 5;

    public async Task TellAsync(FleetSystem system, PerformanceReport report, IReadOnlyList<Unread> unread, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await findings.RecordAsync(
            new CheckRun("report-sources", system.Name, null, unread.All(source => source.IsAbsent), now, 1), [.. unread.Where(source => source.IsAbsent).Select(source => Missing(system, source))], cancellation);
        // Nothing called says nothing: what is open stays open.
        await findings.RecordAsync(
            new CheckRun("performance", system.Name, null, report.Sources.Any(source => source.Requests > 0), now, 1), [.. Judge(system, report)], cancellation);
    }

    internal static IEnumerable<ObservedFinding> Judge(FleetSystem system, PerformanceReport report)
    {
        foreach (var source in report.Sources)
        {
            if (source.AverageMs > system.Thresholds.SlowResponseMs)
                yield return Finding("performance_slow", system, report, source, $"Calls took {Number(source.AverageMs)} ms on average; more than {system.Thresholds.SlowResponseMs} is slow.");
            if (source.SucceedsLessThan(system.Thresholds.SuccessPercent))
                yield return Finding("performance_errors", system, report, source,
                    $"Only {Number(source.SuccessPercent)}% of {source.Requests} calls were successful; {Number(system.Thresholds.SuccessPercent)}% are expected. Most frequent: {Errors(source)}.");
        }
    }

    private static ObservedFinding Finding(string kind, FleetSystem system, PerformanceReport report, CallFigures source, string cause) => new(
        kind, "performance", system.Name, null, null, null, Severity.Medium, $"{cause} Source: {source.Source}, {ReportText.Time(report.Head.From)} to {ReportText.Time(report.Head.To)}.",
        new Dictionary<string, string>
        {
            ["source"] = source.Source,
            ["requests"] = source.Requests.ToString(CultureInfo.InvariantCulture),
            ["successPercent"] = Number(source.SuccessPercent),
            ["averageMs"] = Number(source.AverageMs),
            ["p95Ms"] = Number(source.P95Ms),
            ["errors"] = Errors(source),
            ["slowestTenants"] = source.SlowestTenants.Count == 0 ? "none" : string.Join(", ", source.SlowestTenants.Take(ErrorsNamed).Select(tenant => $"{tenant.Tenant} {Number(tenant.AverageMs)} ms")),
        },
        null);

    private static ObservedFinding Missing(FleetSystem system, Unread source) => new(
        "report_source_missing", "report-sources", system.Name, null, null, null, Severity.Low, source.Why,
        new Dictionary<string, string> { ["source"] = source.Source }, null);

    private static string Errors(CallFigures source) =>
        source.Errors.Count == 0 ? "none" : string.Join(", ", source.Errors.Take(ErrorsNamed).Select(error => $"{error.Name} {error.Count.ToString(CultureInfo.InvariantCulture)}"));

    private static string Number(decimal? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "unknown";
}
