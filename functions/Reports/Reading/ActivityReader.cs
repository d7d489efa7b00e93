using Npgsql;
using WhatsOps.Events;

namespace WhatsOps.Reports;

/// <summary>What came through: events and messages by tenant, findings by kind, events that never reached the product.</summary>
public sealed class ActivityReader(NpgsqlDataSource database)
{
    public const string Deliveries = "deliveries";

    /// <summary>The most active tenants by events .</summary>
    public Task<IReadOnlyList<CountOf>> TopTenantsAsync(string system, ReportWindow window, int most, CancellationToken cancellation) => ReportSql.ListAsync(
        ReportSql.Over(
            database,
            "SELECT t.tenant, sum(t.events)::bigint FROM whatsops.event_totals($1, $2, $3) t GROUP BY t.tenant ORDER BY 2 DESC, t.tenant COLLATE \"C\" LIMIT $4", system, window, most),
        row => new CountOf(PhoneMask.Mask(row.GetString(0)), row.GetInt64(1)), cancellation);

    /// <summary>Messages in and out by tenant; no entry: none.</summary>
    public async Task<IReadOnlyDictionary<string, (long In, long Out)>> MessagesAsync(string system, ReportWindow window, CancellationToken cancellation)
    {
        var rows = await ReportSql.ListAsync(
            ReportSql.Over(
                database,
                """
                SELECT t.tenant, coalesce(sum(t.events) FILTER (WHERE t.event = 'messages.upsert'), 0)::bigint, coalesce(sum(t.events) FILTER (WHERE t.event = 'send.message'), 0)::bigint
                  FROM whatsops.event_totals($1, $2, $3) t WHERE t.event IN ('messages.upsert', 'send.message') GROUP BY t.tenant
                """,
                system, window),
            row => (Tenant: row.GetString(0), Messages: (row.GetInt64(1), row.GetInt64(2))), cancellation);
        return rows.ToDictionary(row => row.Tenant, row => row.Messages, StringComparer.Ordinal);
    }

    /// <summary>Findings opened within the window, by kind.</summary>
    public Task<IReadOnlyList<CountOf>> FindingsAsync(string system, ReportWindow window, CancellationToken cancellation) => ReportSql.ListAsync(
        ReportSql.Over(
            database,
            "SELECT f.kind, count(*) FROM whatsops.findings f WHERE f.system = $1 AND f.opened_at >= $2 AND f.opened_at < $3 GROUP BY f.kind ORDER BY 2 DESC, f.kind", system, window),
        row => new CountOf(row.GetString(0), row.GetInt64(1)), cancellation);

    /// <summary>Events that were given up before the product took them, by tenant; no entry: none.</summary>
    public async Task<IReadOnlyDictionary<string, long>> LostAsync(string system, ReportWindow window, CancellationToken cancellation)
    {
        var rows = await ReportSql.ListAsync(
            ReportSql.Over(
                database,
                "SELECT d.tenant, count(*) FROM whatsops.deliveries d WHERE d.system = $1 AND d.received_at >= $2 AND d.received_at < $3 AND d.state = 'dead' GROUP BY d.tenant",
                system, window),
            row => (Tenant: row.GetString(0), Lost: row.GetInt64(1)), cancellation);
        return rows.ToDictionary(row => row.Tenant, row => row.Lost, StringComparer.Ordinal);
    }
}
