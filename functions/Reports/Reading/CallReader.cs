using Npgsql;

namespace WhatsOps.Reports;

/// <summary>The calls that WhatsOps made, from their hourly totals.</summary>
public sealed class CallReader(NpgsqlDataSource database)
{
    public const string Source = "gateway_calls";

    // seen and absent are answers to a look, done and already_so to a command; anything else went wrong, and the status says more where there was one.
    private const string Calls =
        """
        SELECT CASE WHEN t.outcome IN ('seen', 'absent', 'done', 'already_so') THEN NULL
                    WHEN t.outcome = '' THEN 'unknown'
                    WHEN t.outcome = 'unreachable' AND t.status = 0 THEN 'no_answer'
                    WHEN t.outcome IN ('unreachable', 'failed') AND t.status >= 400 THEN 'http_' || t.status
                    ELSE t.outcome END AS error,
               t.tenant, (t.hour AT TIME ZONE $4)::date AS day, t.calls, CASE WHEN t.status = 0 THEN 0 ELSE t.calls END AS answers, t.answer_ms
          FROM whatsops.call_totals($1, $2, $3) t
        """;

    private const string Percentile =
        """
        SELECT d.duration_ms FROM (
          SELECT t.duration_ms, sum(sum(t.calls)) OVER (ORDER BY t.duration_ms) AS upto, sum(sum(t.calls)) OVER () AS total
            FROM whatsops.call_duration_totals($1, $2, $3) t GROUP BY t.duration_ms) d
         WHERE d.upto >= 0.95 * d.total ORDER BY d.duration_ms LIMIT 1
        """;

    private static readonly string Totals = CallPart.Sql(Calls);

    /// <param name="zone">Whose days the calls are counted by.</param>
    public async Task<CallFigures> ReadAsync(string system, ReportWindow window, TimeZoneInfo zone, CancellationToken cancellation)
    {
        var parts = await ReportSql.ListAsync(ReportSql.Over(database, Totals, system, window, zone.Id), CallPart.Read, cancellation);
        await using var percentile = ReportSql.Over(database, Percentile, system, window);
        return CallPart.Figures(Source, parts, await percentile.ExecuteScalarAsync(cancellation) is int p95 ? p95 : null);
    }
}
