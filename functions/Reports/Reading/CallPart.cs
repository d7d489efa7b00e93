using Npgsql;
using WhatsOps.Events;

namespace WhatsOps.Reports;

/// <summary>
/// One row of the totals of calls, whatever their source: all of them, or those of one error, tenant or day. Both sources answer in this shape, so that
/// one place makes figures of it.
/// </summary>
internal sealed record CallPart(CallPart.Of Kind, string? Name, DateOnly? Day, long Calls, long Successes, long Answers, decimal? AnswerMs)
{
    public const int MostTenants = 10;
    public const int MostErrors = 20;

    // The bits of GROUPING(error, tenant, day).
    public enum Of
    {
        Error = 0b011,
        Tenant = 0b101,
        Day = 0b110,
        All = 0b111,
    }

    /// <summary>
    /// SQL that totals the rows of <paramref name="source"/>, which has error (null for a success), tenant, day, calls, answers and answer_ms, and
    /// leaves of errors the most frequent, of tenants the slowest.
    /// </summary>
    public static string Sql(string source) =>
        $"""
        WITH parts AS (
          SELECT GROUPING(c.error, c.tenant, c.day) AS part, coalesce(c.error, c.tenant) AS name, c.day, coalesce(sum(c.calls), 0)::bigint AS calls,
                 coalesce(sum(c.calls) FILTER (WHERE c.error IS NULL), 0)::bigint AS successes, coalesce(sum(c.answers), 0)::bigint AS answers, sum(c.answer_ms)::numeric AS answer_ms
            FROM ({source}) c
           GROUP BY GROUPING SETS ((), (c.error), (c.tenant), (c.day))
        ), ranked AS (
          SELECT p.*, row_number() OVER (PARTITION BY p.part
                   ORDER BY CASE WHEN p.part = {(int)Of.Tenant} THEN p.answer_ms / nullif(p.answers, 0) ELSE p.calls END DESC NULLS LAST, p.name) AS rank
            FROM parts p
           WHERE (p.part <> {(int)Of.Error} OR p.name IS NOT NULL) AND (p.part <> {(int)Of.Tenant} OR (p.name <> '' AND p.answers > 0))
        )
        SELECT r.part, r.name, r.day, r.calls, r.successes, r.answers, r.answer_ms FROM ranked r
         WHERE (r.part <> {(int)Of.Tenant} OR r.rank <= {MostTenants}) AND (r.part <> {(int)Of.Error} OR r.rank <= {MostErrors})
         ORDER BY r.part, r.day, r.rank
        """;

    public static CallPart Read(NpgsqlDataReader row) => new(
        (Of)row.GetInt32(0), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetFieldValue<DateOnly>(2), row.GetInt64(3), row.GetInt64(4),
        row.GetInt64(5), row.IsDBNull(6) ? null : row.GetDecimal(6));

    /// <param name="p95">The source's 95th percentile; null without any answer.</param>
    public static CallFigures Figures(string source, IReadOnlyList<CallPart> parts, decimal? p95)
    {
        var all = parts.Single(part => part.Kind == Of.All);
        return new(
            source, all.Calls, all.Successes, Uptime.Share(all.Successes, all.Calls), all.Calls - all.Answers, Average(all), p95,
            // Types come from a product's log: a number in one is masked, and then two may be one.
            [.. parts.Where(part => part.Kind == Of.Error).GroupBy(part => PhoneMask.Mask(part.Name!)).Select(same => new CountOf(same.Key, same.Sum(part => part.Calls)))],
            [.. parts.Where(part => part.Kind == Of.Tenant).Select(part => new TenantTime(PhoneMask.Mask(part.Name!), Average(part)!.Value, part.Answers))],
            [.. parts.Where(part => part is { Kind: Of.Day, Day: not null }).Select(part => new DayCalls(part.Day!.Value, part.Calls, part.Calls - part.Successes))]);
    }

    private static decimal? Average(CallPart part) => part.Answers == 0 ? null : Math.Round(part.AnswerMs!.Value / part.Answers, 1);
}
