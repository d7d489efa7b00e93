using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Findings;

/// <summary>How much is wrong and nobody's decision, for those who watch. Every severity of every system has a number, so that an alert ends.</summary>
internal static class FindingGauges
{
    // A silence that ran out counts again, even before the next pass writes it down.
    private const string Open = "(f.state IN ('open', 'acknowledged') OR (f.state = 'silenced' AND f.silenced_until <= $1)) AND f.state <> 'closed'";

    private static readonly string Severities = string.Join(", ", Enum.GetValues<Severity>().Select(severity => $"({(short)severity}, '{severity.ToString().ToLowerInvariant()}')"));

    public static readonly GaugeQuery BySeverity = new(
        Metrics.FindingsOpen,
        $"""
        SELECT s.system, v.name, count(f.id)::float8
        FROM unnest($2) AS s(system) CROSS JOIN (VALUES {Severities}) AS v(severity, name)
        LEFT JOIN whatsops.findings f ON f.system = s.system AND f.severity = v.severity AND {Open}
        GROUP BY 1, 2
        """);

    public static readonly GaugeQuery ByTenant = new(
        Metrics.TenantFindings,
        $"SELECT f.system, f.tenant, count(*)::float8 FROM whatsops.findings f WHERE f.system = ANY($2) AND f.tenant IS NOT NULL AND {Open} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT $3");
}
