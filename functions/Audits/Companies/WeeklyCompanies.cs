using System.Globalization;
using System.Text.Json;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>The week's review: storage per company and its growth, official connections without a verify token .</summary>
internal sealed class WeeklyCompanies(ProductDatabases databases, IFindings findings, RoutineStore runs, TimeProvider time) : CompanyReview(databases, findings, time)
{
    private const double Gigabyte = 1024.0 * 1024 * 1024;

    // A company of a few files doubles with every photo.
    private const double LeastGrowth = 100.0 * 1024 * 1024;
    private const int RunsAtMost = 30;
    private const int NamesInEvidence = 50;
    private static readonly (TimeSpan Least, TimeSpan Most) AWeek = (TimeSpan.FromDays(6), TimeSpan.FromDays(13));

    public override string Name => "weekly-companies";

    public override string Summary => "Storage of TaktChat's companies and its growth, and official connections without a verify token.";

    public override string DefaultSchedule => "0 8 * * 1";

    protected override async Task<(string Summary, object Report)> ReviewAsync(RoutineCall call, CompanyDatabase database, AuditSheet sheet, CancellationToken cancellation)
    {
        var storage = await StorageAsync(call, database, sheet, cancellation);
        var tokens = await TokensAsync(database, sheet, cancellation);
        var report = new WeeklyCompanyReport(call.Due, storage, tokens?.Count, [.. (tokens ?? []).Where(line => line.IsMissing).Select(line => line.Name)]);
        return (string.Create(
            CultureInfo.InvariantCulture,
            $"{storage.Count} companies use {storage.Sum(one => one.Bytes ?? 0) / Gigabyte:0.0} GB; {report.WithoutVerifyToken.Count} of {tokens?.Count ?? 0} official connections have no verify token."), report);
    }

    private async Task<IReadOnlyList<CompanyStorage>> StorageAsync(RoutineCall call, CompanyDatabase database, AuditSheet sheet, CancellationToken cancellation)
    {
        var rows = await database.AskAsync(
            "storage per company", """SELECT id, "folderSize"::text, "numberFileFolder"::text FROM "Companies" ORDER BY id""",
            row => (Company: row.GetInt32(0), Size: row.IsDBNull(1) ? null : row.GetString(1), Files: row.IsDBNull(2) ? null : row.GetString(2)), cancellation);
        if (rows is null) return [];
        var before = await BeforeAsync(call, cancellation);
        CompanyStorage[] storage =
        [
            .. rows.Select(row => new CompanyStorage(
                row.Company, StorageSize.Bytes(row.Size), long.TryParse(row.Files, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? files : null,
                before.TryGetValue(row.Company, out var bytes) ? bytes : null)).OrderByDescending(one => one.Bytes ?? -1).ThenBy(one => one.Company),
        ];
        // TaktChat counts its folders by a job of the host; where that does not run, nothing is known, and that is no 0.
        if (storage.Length > 0 && storage.All(one => one.Bytes is null))
            sheet.CannotSee("Companies.folderSize", "the storage of companies is not known: no company has a size", "Let TaktChat's job that counts its folders run on the host.");
        foreach (var grown in storage.Where(one => one.Growth >= LeastGrowth && one.GrowthPercent >= call.System.Thresholds.StorageGrowthPercent))
            Find(sheet, "storage_growth", Severity.Low, grown.Company.ToString(CultureInfo.InvariantCulture), string.Create(
                CultureInfo.InvariantCulture,
                $"The storage of company {grown.Company} grew by {grown.GrowthPercent:0} % within a week, to {grown.Bytes / Gigabyte:0.0} GB. Look at what it keeps before the volume backend-public is full."),
                ("company", grown.Company.ToString(CultureInfo.InvariantCulture)), ("bytes", grown.Bytes?.ToString("0", CultureInfo.InvariantCulture)), ("growth_percent", grown.GrowthPercent?.ToString("0", CultureInfo.InvariantCulture)));
        return storage;
    }

    private async Task<IReadOnlyDictionary<int, double>> BeforeAsync(RoutineCall call, CancellationToken cancellation)
    {
        var earlier = (await runs.ListAsync(call.System.Name, Name, RunsAtMost, cancellation)).FirstOrDefault(run => call.Due - run.StartedAt >= AWeek.Least && call.Due - run.StartedAt <= AWeek.Most);
        if (earlier is null || (await runs.FindAsync(earlier.Id, cancellation))?.Report is not { } json) return new Dictionary<int, double>();
        return (json.Deserialize<WeeklyCompanyReport>(JsonSerializerOptions.Web)?.Storage ?? []).Where(one => one.Bytes is not null).ToDictionary(one => one.Company, one => one.Bytes!.Value);
    }

    private static async Task<IReadOnlyList<(string Name, bool IsMissing)>?> TokensAsync(CompanyDatabase database, AuditSheet sheet, CancellationToken cancellation)
    {
        // Whether there is one is asked; the token itself never leaves the database.
        var lines = await database.AskAsync(
            "verify tokens of official connections",
            """
            SELECT "companyId" || '-' || id, coalesce("wabaWebhookVerifyToken", '') = '' FROM "Whatsapps"
            WHERE coalesce(nullif(channel, ''), 'whatsapp') = 'whatsapp' AND (coalesce(nullif("channelType", ''), 'baileys') <> 'baileys' OR coalesce("wabaPhoneNumberId", '') <> '') ORDER BY "companyId", id
            """,
            row => (Name: row.GetString(0), IsMissing: row.GetBoolean(1)), cancellation);
        string[] missing = [.. (lines ?? []).Where(line => line.IsMissing).Select(line => line.Name)];
        if (missing.Length > 0)
            Find(sheet, "verify_token_missing", Severity.Medium, "", string.Create(
                CultureInfo.InvariantCulture,
                $"{missing.Length} of {lines!.Count} official connections have no verify token, so Meta cannot confirm their webhook: {Names(missing)}. Set one in TaktChat, and the same at Meta."),
                ("connections", Names(missing)), ("count", missing.Length.ToString(CultureInfo.InvariantCulture)));
        return lines;
    }

    private static string Names(string[] names) => string.Join(", ", names.Take(NamesInEvidence)) + (names.Length > NamesInEvidence ? $" and {names.Length - NamesInEvidence} more" : "");
}
