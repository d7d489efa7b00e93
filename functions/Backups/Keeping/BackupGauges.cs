using WhatsOps.Telemetry;

namespace WhatsOps.Backups;

/// <summary>How old the newest backup is that is known to restore, for those who watch.</summary>
internal static class BackupGauges
{
    /// <summary>A system without one counts from the first fleet file of all: an absent number would look like no trouble.</summary>
    public static readonly GaugeQuery VerifiedAge = new(
        Metrics.BackupVerifiedAge,
        """
        SELECT s.system, greatest(extract(epoch FROM $1 - coalesce(
            (SELECT max(b.requested_at) FROM whatsops.backup_sets b WHERE b.system = s.system AND b.state = 'complete' AND b.tested_at IS NOT NULL AND b.test_problem IS NULL),
            (SELECT min(applied_at) FROM whatsops.fleet_versions), $1)), 0)::float8
        FROM unnest($2) AS s(system)
        """)
    { Of = system => system.Backup is not null };
}
