using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Makes findings of a review: a target that was there for less than what is promised (R-175). The next review that is good closes them; one that saw too little closes nothing.</summary>
internal sealed class SlaFindings(IFindings findings)
{
    /// <param name="routine">Whose review it is: a week's and a month's stand beside each other.</param>
    /// <param name="watched">The targets of the system.</param>
    /// <param name="at">When the review was due.</param>
    public Task RecordAsync(string routine, string system, KpiReport report, IEnumerable<string> watched, DateTimeOffset at, CancellationToken cancellation)
    {
        var judged = report.Kpis.Where(kpi => kpi is { Name: KpiMath.Availability, CoveragePercent: >= SystemThresholds.LeastCoveragePercent }).ToArray();
        string[] unseen = [.. watched.Except(judged.Select(kpi => kpi.Target)).Select(target => $"{routine}/{target}")];
        // Doubles: 999 of 1,000 looks are 99.9 percent, and no hair less.
        return findings.RecordAsync(
            new($"kpi/{routine}", system, null, Complete: true, at, GoodObservationsToClose: 1) { Unseen = unseen },
            [.. judged.Where(kpi => Math.Round((decimal)kpi.Value, 9) < report.SlaPercent).Select(kpi => Of(routine, system, kpi, report))], cancellation);
    }

    private static ObservedFinding Of(string routine, string system, Kpi kpi, KpiReport report)
    {
        var (value, coverage, promised) = (Number(kpi.Value), Number(kpi.CoveragePercent!.Value), report.SlaPercent.ToString("0.###", CultureInfo.InvariantCulture));
        var (from, to) = (Day(report.From), Day(report.To));
        return new(
            TroubleKinds.Threshold, $"kpi/{routine}", system, null, null, null, Severity.Medium,
            $"{kpi.Target} was available at {value} % of the looks from {from} to {to}, below the {promised} % that are promised; planned maintenance does not count.",
            new Dictionary<string, string>
            {
                ["target"] = kpi.Target, ["metric"] = KpiMath.Availability, ["value"] = value, ["threshold"] = $"below {promised}", ["coverage_percent"] = coverage, ["from"] = from, ["to"] = to,
            },
            null)
        {
            Subject = $"{routine}/{kpi.Target}",
        };
    }

    // Downwards: what breaks a promise must not read like one that is kept.
    private static string Number(double value) => (Math.Floor((decimal)value * 1000) / 1000).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
