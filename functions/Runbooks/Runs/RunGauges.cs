using System.Globalization;
using WhatsOps.Telemetry;

namespace WhatsOps.Runbooks;

/// <summary>What is being done, and what stands still, for those who watch.</summary>
internal static class RunGauges
{
    public static readonly GaugeQuery Open = new(Metrics.RunsOpen, Counting("true"));

    /// <summary>As the reconciler judges: what waits for approval stands still on purpose, and everything else tells its progress at every look.</summary>
    public static GaugeQuery Stuck(RunbookPatience patience) => new(
        Metrics.RunsStuck,
        Counting(string.Create(CultureInfo.InvariantCulture, $"r.state <> 'waiting_approval' AND r.progressed_at < $1 - make_interval(secs => {patience.StuckAfter.TotalSeconds})")));

    private static string Counting(string which) =>
        $"""
        SELECT s.system, count(r.id)::float8 FROM unnest($2) AS s(system)
        LEFT JOIN whatsops.runs r ON r.system = s.system AND r.ended_at IS NULL AND {which} GROUP BY 1
        """;
}
