using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>
/// The month's review: plan limits against use, results of campaigns by company, limits that those suggest, repeated contacts.
/// </summary>
internal sealed class MonthlyCompanies(ProductDatabases databases, IFindings findings, TimeProvider time) : CompanyReview(databases, findings, time)
{
    private const int IdsAtMost = 500;

    public override string Name => "monthly-companies";

    public override string Summary => "Plans against use, campaigns by company, limits to propose, and repeated contacts of TaktChat's companies.";

    public override string DefaultSchedule => "0 8 1 * *";

    protected override async Task<(string Summary, object Report)> ReviewAsync(RoutineCall call, CompanyDatabase database, AuditSheet sheet, CancellationToken cancellation)
    {
        var local = TimeZoneInfo.ConvertTime(call.Due, call.Zone).Date;
        var first = new DateTime(local.Year, local.Month, 1);
        var (from, to) = (UtcHours.Midnight(first.AddMonths(-1), call.Zone), UtcHours.Midnight(first, call.Zone));
        var plans = await PlansAsync(database, sheet, cancellation);
        var campaigns = await CampaignsAsync(database, from, to, cancellation);
        var proposals = campaigns.Count == 0 ? [] : await ProposalsAsync(database, campaigns, cancellation);
        var duplicates = await DuplicatesAsync(database, sheet, cancellation);
        var (settled, failed) = (campaigns.Sum(one => one.Settled), campaigns.Sum(one => one.Failed));
        var share = settled > 0 ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * failed / settled:0.#} % of {settled} messages failed") : "no message settled";
        var over = plans.Where(use => use.IsExceeded).Select(use => use.Company).Distinct().Count();
        return (string.Create(
            CultureInfo.InvariantCulture,
            $"{over} companies are beyond their plan; campaigns of {campaigns.Count} companies, {share}; {proposals.Count} limits to propose; {duplicates?.Rows ?? 0} repeated contacts."),
            new MonthlyCompanyReport(from, to, plans, campaigns, proposals, duplicates));
    }

    private static async Task<IReadOnlyList<PlanUse>> PlansAsync(CompanyDatabase database, AuditSheet sheet, CancellationToken cancellation)
    {
        var rows = await database.AskAsync(
            "plans against use",
            """
            SELECT c.id, p.name, u.what, u."limit", u.used FROM "Companies" c LEFT JOIN "Plans" p ON p.id = c."planId"
            CROSS JOIN LATERAL (VALUES
              ('users', p.users, (SELECT count(*) FROM "Users" x WHERE x."companyId" = c.id)),
              ('connections', p.connections, (SELECT count(*) FROM "Whatsapps" x WHERE x."companyId" = c.id)),
              ('queues', p.queues, (SELECT count(*) FROM "Queues" x WHERE x."companyId" = c.id))) AS u(what, "limit", used)
            WHERE coalesce(c.status, true) ORDER BY c.id, u.what
            """,
            row => new PlanUse(row.GetInt32(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetInt32(3), (int)row.GetInt64(4)), cancellation) ?? [];
        foreach (var over in rows.Where(use => use.IsExceeded).GroupBy(use => use.Company))
        {
            var company = over.Key.ToString(CultureInfo.InvariantCulture);
            var what = string.Join(", ", over.Select(use => string.Create(CultureInfo.InvariantCulture, $"{use.Used} of {use.Limit} {use.What}")));
            Find(sheet, "plan_exceeded", Severity.Low, company, $"Company {company} uses more than its plan {over.First().Plan} has: {what}. Sell it the next plan, or take away what is too much.", ("company", company), ("use", what));
        }

        return rows;
    }

    private static async Task<IReadOnlyList<CampaignResult>> CampaignsAsync(CompanyDatabase database, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) => await database.AskAsync(
        "results of campaigns",
        """
        SELECT c."companyId", count(*) FILTER (WHERE s.status = 'delivered'), count(*) FILTER (WHERE s.status = 'failed'), count(*) FILTER (WHERE s.status = 'suppressed'),
          count(*) FILTER (WHERE s.status IS NULL OR s.status NOT IN ('delivered', 'failed', 'suppressed'))
        FROM "CampaignShipping" s JOIN "Campaigns" c ON c.id = s."campaignId" WHERE s."createdAt" >= $1 AND s."createdAt" < $2 GROUP BY 1 ORDER BY 1
        """,
        row => new CampaignResult(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)), cancellation, [from.ToUniversalTime(), to.ToUniversalTime()]) ?? [];

    private static async Task<IReadOnlyList<LimitProposal>> ProposalsAsync(CompanyDatabase database, IReadOnlyList<CampaignResult> campaigns, CancellationToken cancellation)
    {
        var rows = await database.AskAsync(
            "limits of campaigns", """SELECT "companyId", key, value::text FROM "CampaignSettings" WHERE key = ANY($1) ORDER BY id""",
            row => (Company: row.GetInt32(0), Key: row.GetString(1), Value: LimitRules.Value(row.IsDBNull(2) ? null : row.GetString(2))), cancellation, [LimitRules.Defaults.Keys.ToArray()]);
        // Without them a proposal might loosen what is strict already.
        if (rows is null) return [];
        var settings = rows.Where(row => row.Value is not null).GroupBy(row => row.Company)
            .ToDictionary(company => company.Key, company => company.GroupBy(row => row.Key).ToDictionary(key => key.Key, key => key.Last().Value!.Value));
        return [.. campaigns.SelectMany(result => LimitRules.Of(result, settings.GetValueOrDefault(result.Company) ?? []))];
    }

    private static async Task<ContactDuplicates?> DuplicatesAsync(CompanyDatabase database, AuditSheet sheet, CancellationToken cancellation)
    {
        // Ranked as TaktChat's script ranks them: it keeps the first.
        var rows = await database.AskAsync(
            "repeated contacts",
            """
            WITH ranked AS (SELECT id, row_number() OVER (PARTITION BY "contactListId", number ORDER BY "updatedAt" DESC, id DESC) AS place FROM "ContactListItems")
            SELECT count(*) FILTER (WHERE place = 2), count(*) FILTER (WHERE place > 1),
              coalesce((SELECT array_agg(id ORDER BY id) FROM (SELECT id FROM ranked WHERE place > 1 ORDER BY id LIMIT $1) first), '{}')::int[] FROM ranked
            """,
            row => new ContactDuplicates(row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<int[]>(2)), cancellation, [IdsAtMost]);
        if (rows is not [var found]) return null;
        if (found.Rows > 0)
            Find(sheet, "repeated_contacts", Severity.Medium, "", string.Create(
                CultureInfo.InvariantCulture,
                $"{found.Rows} rows of contact lists repeat a number of their list, {found.Groups} numbers in all: those people get campaigns twice, and TaktChat's migration of the unique index fails. A person runs scripts/fix-contactlistitems-duplicates.ts after a backup: it deletes without a transaction."),
                ("groups", found.Groups.ToString(CultureInfo.InvariantCulture)), ("rows", found.Rows.ToString(CultureInfo.InvariantCulture)),
                ("first_ids", string.Join(", ", found.Ids.Take(20).Select(id => id.ToString(CultureInfo.InvariantCulture)))));
        return found;
    }
}
