using WhatsOps.Telemetry;

namespace WhatsOps.Health;

/// <summary>How old the picture is, for those who watch.</summary>
internal static class HealthGauges
{
    /// <summary>A system that was never swept has an age, too: an absent number would look like no trouble.</summary>
    public static readonly GaugeQuery SweepAge = new(
        Metrics.SweepAge,
        """
        SELECT s.system, greatest(extract(epoch FROM $1 - coalesce(w.finished_at, (SELECT max(applied_at) FROM whatsops.fleet_versions), $1)), 0)::float8
        FROM unnest($2) AS s(system) LEFT JOIN whatsops.system_sweeps w ON w.system = s.system
        """);
}
