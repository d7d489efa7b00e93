using Npgsql;

namespace WhatsOps.Reports;

/// <summary>What the instances of a system went through: uptime and changes of state.</summary>
public sealed class InstanceReader(NpgsqlDataSource database)
{
    private const string UptimeSql =
        """
        SELECT u.tenant, sum(u.up_seconds), sum(u.down_seconds), count(*) FROM whatsops.instance_uptime($1, $2, $3) u GROUP BY u.tenant ORDER BY u.tenant COLLATE "C"
        """;

    // A QR code lives less than a minute; five leave time for the phone to sync before the gateway says open. A sixth, because codes are counted by the full minute.
    private const string MovesSql =
        """
        SELECT t.tenant, count(*) FILTER (WHERE t.to_state = 'open'), count(*) FILTER (WHERE t.is_disconnection),
               count(*) FILTER (WHERE t.to_state = 'open' AND EXISTS (
                 SELECT 1 FROM whatsops.instance_qr_codes q
                  WHERE q.system = t.system AND q.instance = t.instance AND q.minute > t.at - interval '6 minutes' AND q.minute <= t.at))
          FROM whatsops.instance_transitions t
         WHERE t.system = $1 AND t.at >= $2 AND t.at < $3 AND t.from_state IS NOT NULL GROUP BY t.tenant
        """;

    /// <summary>By tenant, of those that were seen at all.</summary>
    public async Task<IReadOnlyDictionary<string, Uptime>> UptimeAsync(string system, ReportWindow window, CancellationToken cancellation)
    {
        var seconds = (decimal)(window.To - window.From).TotalSeconds;
        var rows = await ReportSql.ListAsync(
            ReportSql.Over(database, UptimeSql, system, window),
            row => (Tenant: row.GetString(0), Uptime: new Uptime(row.GetDecimal(1), row.GetDecimal(2), seconds * row.GetInt64(3))), cancellation);
        return rows.ToDictionary(row => row.Tenant, row => row.Uptime, StringComparer.Ordinal);
    }

    public async Task<IReadOnlyDictionary<string, Moves>> MovesAsync(string system, ReportWindow window, CancellationToken cancellation)
    {
        var rows = await ReportSql.ListAsync(
            ReportSql.Over(database, MovesSql, system, window),
            row => (Tenant: row.GetString(0), Moves: new Moves(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))), cancellation);
        return rows.ToDictionary(row => row.Tenant, row => row.Moves, StringComparer.Ordinal);
    }

    /// <summary>All tenants together.</summary>
    public static Uptime Together(IEnumerable<Uptime> parts) =>
        parts.Aggregate(new Uptime(0, 0, 0), (sum, part) => new(sum.UpSeconds + part.UpSeconds, sum.DownSeconds + part.DownSeconds, sum.WindowSeconds + part.WindowSeconds));
}
