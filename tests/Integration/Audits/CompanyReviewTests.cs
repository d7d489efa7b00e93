using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Audits;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Routines;
using WhatsOps.Simulator.TaktChat;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Audits;

/// <summary>The reviews of TaktChat's companies, over its tables in a real PostgreSQL.</summary>
public sealed class CompanyReviewTests : IAsyncLifetime
{
    // A Monday and the first of a month, 09:00 in São Paulo: after the hours of the reviews.
    private static readonly DateTimeOffset Monday = new(2026, 3, 9, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset First = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Monday);
    private TestDatabase _product = null!, _operations = null!;
    private ServiceProvider _services = null!;
    private FleetSystem _system = null!;

    public async ValueTask InitializeAsync()
    {
        _product = await TestDatabase.CreateAsync("taktchat", TaktChatTables.CreateAsync);
        _operations = await Databases.OperationsAsync();
        _system = new() { Name = "takt", Kind = SystemKinds.TaktChat, Watch = new() { Postgres = [new() { Name = "db", ConnectionString = _product.ConnectionString, Tables = ProductTables.TaktChat }] } };
        _services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddSingleton(_operations.DataSource)
            .AddFleet().AddSingleton<IFleet>(new FixedFleet(new FleetDocument { Systems = [_system] })).AddFindings().AddSingleton<RoutineStore>()
            .AddSingleton<WeeklyCompanies>().AddSingleton<MonthlyCompanies>().BuildServiceProvider();
        await ExecuteAsync(
            """
            INSERT INTO "Plans" (id, name, users, connections, queues) VALUES (1, 'Basic', 2, 1, 3), (2, 'Open', NULL, NULL, NULL);
            INSERT INTO "Companies" (id, name, status, "planId", "folderSize", "numberFileFolder") VALUES (1, 'One', true, 1, '1,0G', '10'), (2, 'Two', true, 2, '300M', '5'), (3, 'Gone', false, 1, NULL, NULL);
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _operations.DisposeAsync();
        await _product.DisposeAsync();
    }

    [Theory]
    // 50 % of 1 GB: just under and exactly.
    [InlineData("1,4G", null)]
    [InlineData("1,5G", "storage_growth/1")]
    [Capability("R-017")]
    public async Task Storage_stands_beside_that_of_a_week_before_and_its_growth_is_told(string size, string? subject)
    {
        var before = await WeeklyAsync();
        Assert.Equal("3 companies use 1.3 GB; 0 of 0 official connections have no verify token.", before.Summary);
        Assert.All(((WeeklyCompanyReport)before.Report!).Storage, one => Assert.Null(one.Growth));
        // A run of today is no week before.
        await ExecuteAsync($"""UPDATE "Companies" SET "folderSize" = '{size}' WHERE id = 1; UPDATE "Companies" SET "folderSize" = '390M' WHERE id = 2""");
        Assert.All(((WeeklyCompanyReport)(await WeeklyAsync()).Report!).Storage, one => Assert.Null(one.Growth));

        _time.Advance(TimeSpan.FromDays(7));
        var after = (WeeklyCompanyReport)(await WeeklyAsync(keep: false)).Report!;
        Assert.Equal([1, 2, 3], after.Storage.Select(one => one.Company));
        Assert.Equal((10L, 1024d * 1024 * 1024), (after.Storage[0].Files!.Value, after.Storage[0].Before!.Value));
        Assert.Null(after.Storage[2].Bytes);
        Assert.Equal(subject is null ? [] : [subject], await OpenAsync());
    }

    [Fact]
    [Capability("R-017", Absent = true)]
    [Capability("R-021", Absent = true)]
    public async Task Sizes_that_nobody_counts_and_columns_that_are_not_there_are_told_and_are_no_zero()
    {
        await ExecuteAsync("""UPDATE "Companies" SET "folderSize" = NULL; ALTER TABLE "Whatsapps" DROP COLUMN "wabaWebhookVerifyToken" """);
        var outcome = await WeeklyAsync();
        Assert.False(outcome.Complete);
        var report = (WeeklyCompanyReport)outcome.Report!;
        Assert.Null(report.OfficialConnections);
        Assert.All(report.Storage, one => Assert.Null(one.Bytes));
        Assert.Equal(
            ["Companies.folderSize", "verify tokens of official connections"],
            (await FindingsAsync()).Where(finding => finding.Kind == "audit_not_observable").Select(finding => finding.Evidence["source"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    [Capability("R-021")]
    public async Task Official_connections_without_a_verify_token_are_named_and_the_tokens_of_others_never_read()
    {
        await ExecuteAsync(
            """
            INSERT INTO "Whatsapps" (id, "companyId", "channelType", "wabaPhoneNumberId", "wabaWebhookVerifyToken", channel) VALUES
              (1, 1, 'baileys', NULL, NULL, 'whatsapp'), (2, 1, 'official', '1', 'planted-verify-token', 'whatsapp'), (3, 2, 'official', '2', '', 'whatsapp'), (4, 2, 'baileys', '3', NULL, NULL), (5, 2, 'official', '4', NULL, 'instagram');
            """);
        var outcome = await WeeklyAsync();
        Assert.Equal(["2-3", "2-4"], ((WeeklyCompanyReport)outcome.Report!).WithoutVerifyToken);
        Assert.Contains("2 of 3 official connections", outcome.Summary, StringComparison.Ordinal);
        var finding = Assert.Single(await FindingsAsync());
        Assert.Equal(("company_review", "verify_token_missing"), (finding.Kind, finding.Evidence["rule"]));
        Assert.Contains("2-3, 2-4", finding.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-verify-token", finding.Cause + RoutineStore.Json(outcome.Report)!.ToJsonString(), StringComparison.Ordinal);

        await ExecuteAsync("""UPDATE "Whatsapps" SET "wabaWebhookVerifyToken" = 'set' WHERE "companyId" = 2""");
        _time.Advance(TimeSpan.FromMinutes(1));
        await WeeklyAsync();
        Assert.Empty(await FindingsAsync());
    }

    [Fact]
    [Capability("R-025")]
    public async Task A_company_at_its_plans_limit_is_well_and_one_beyond_it_is_told()
    {
        await ExecuteAsync(
            """
            INSERT INTO "Users" ("companyId") VALUES (1), (1), (2), (2), (2), (3), (3), (3);
            INSERT INTO "Whatsapps" ("companyId") VALUES (1), (2), (2);
            INSERT INTO "Queues" ("companyId") VALUES (1), (1), (1);
            """);
        var report = await MonthlyReportAsync();
        Assert.Equal(
            [(1, "connections", 1, 1), (1, "queues", 3, 3), (1, "users", 2, 2)],
            report.Plans.Where(use => use.Company == 1).Select(use => (use.Company, use.What, use.Limit!.Value, use.Used)));
        Assert.All(report.Plans.Where(use => use.Company == 2), use => Assert.Null(use.Limit));
        Assert.DoesNotContain(report.Plans, use => use.Company == 3);
        Assert.Empty(await OpenAsync());

        await ExecuteAsync("""INSERT INTO "Users" ("companyId") VALUES (1)""");
        _time.Advance(TimeSpan.FromMinutes(1));
        await MonthlyReportAsync();
        Assert.Equal(["plan_exceeded/1"], await OpenAsync());
        Assert.Contains("3 of 2 users", (await FindingsAsync()).Single().Cause, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-023")]
    [Capability("R-024")]
    public async Task The_months_campaigns_are_counted_by_company_and_their_failures_suggest_limits_that_nobody_sets()
    {
        await ExecuteAsync(
            """
            INSERT INTO "Campaigns" (id, "companyId") VALUES (1, 1), (2, 2);
            INSERT INTO "CampaignSettings" (key, value, "companyId") VALUES ('capDaily', '"400"', 1), ('capDaily', '400', 2), ('variables', '[]', 1);
            INSERT INTO "CampaignShipping" ("campaignId", status, "createdAt") SELECT 1, 'delivered', '2026-03-01T03:00:00Z' FROM generate_series(1, 90);
            INSERT INTO "CampaignShipping" ("campaignId", status, "createdAt") SELECT 1, 'failed', '2026-04-01T02:59:59Z' FROM generate_series(1, 8);
            INSERT INTO "CampaignShipping" ("campaignId", status, "createdAt") VALUES (1, 'suppressed', '2026-03-15Z'), (1, 'suppressed', '2026-03-15Z'), (1, 'pending', '2026-03-15Z'), (1, NULL, '2026-03-15Z'),
              (1, 'failed', '2026-03-01T02:59:59Z'), (1, 'failed', '2026-04-01T03:00:00Z');
            INSERT INTO "CampaignShipping" ("campaignId", status, "createdAt") SELECT 2, 'delivered', '2026-03-15Z' FROM generate_series(1, 60);
            """);
        var report = await MonthlyReportAsync();
        Assert.Equal((new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 4, 1, 3, 0, 0, TimeSpan.Zero)), (report.From, report.To));
        Assert.Equal([new CampaignResult(1, 90, 8, 2, 2), new CampaignResult(2, 60, 0, 0, 0)], report.Campaigns);
        Assert.Equal((90, 8, 2), (report.Campaigns[0].DeliveredPercent!.Value, report.Campaigns[0].FailedPercent!.Value, report.Campaigns[0].SuppressedPercent!.Value));
        var proposal = Assert.Single(report.Proposals);
        Assert.Equal((1, "capDaily", 400, 150), (proposal.Company, proposal.Key, proposal.Now, proposal.Proposed));
        Assert.Empty(await OpenAsync());
        await using var command = _product.DataSource.CreateCommand("""SELECT string_agg(value, ',' ORDER BY id) FROM "CampaignSettings" """);
        Assert.Equal("\"400\",400,[]", await command.ExecuteScalarAsync());
    }

    [Fact]
    [Capability("R-026")]
    public async Task Repeated_contacts_are_counted_with_the_ids_that_the_script_would_delete_and_a_person_is_asked()
    {
        await ExecuteAsync(
            """
            INSERT INTO "ContactListItems" (id, number, "contactListId", "updatedAt") VALUES (1, '5511999990001', 1, '2026-01-01Z'), (2, '5511999990001', 1, '2026-02-01Z'), (3, '5511999990001', 1, '2026-02-01Z'),
              (4, '5511999990001', 2, '2026-01-01Z'), (5, '5511999990002', 1, '2026-01-01Z'), (6, '5511999990002', 1, '2025-01-01Z');
            """);
        var outcome = await RunAsync(_services.GetRequiredService<MonthlyCompanies>(), First);
        var found = ((MonthlyCompanyReport)outcome.Report!).Duplicates!;
        // The newest stays, and of two as new the higher id.
        Assert.Equal((2L, 3L), (found.Groups, found.Rows));
        Assert.Equal([1, 2, 6], found.Ids);
        var finding = Assert.Single(await FindingsAsync());
        Assert.Contains("scripts/fix-contactlistitems-duplicates.ts", finding.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("55119999", finding.Cause + string.Join(" ", finding.Evidence.Values) + RoutineStore.Json(outcome.Report)!.ToJsonString(), StringComparison.Ordinal);
        await using var command = _product.DataSource.CreateCommand("""SELECT count(*) FROM "ContactListItems" """);
        Assert.Equal(6L, await command.ExecuteScalarAsync());

        await ExecuteAsync("""DELETE FROM "ContactListItems" WHERE id IN (1, 2, 6)""");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, (await MonthlyReportAsync()).Duplicates!.Rows);
        Assert.Empty(await FindingsAsync());
    }

    [Fact]
    public async Task The_grants_that_are_documented_are_enough_and_without_one_only_its_question_is_not_answered()
    {
        await ExecuteAsync(
            """
            DO $$ BEGIN CREATE ROLE taktreviewer LOGIN PASSWORD 'taktreviewer'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT SELECT (id, status, "planId", "folderSize", "numberFileFolder") ON "Companies" TO taktreviewer;
            GRANT SELECT (id, "companyId", channel, "channelType", "wabaPhoneNumberId", "wabaWebhookVerifyToken") ON "Whatsapps" TO taktreviewer;
            GRANT SELECT (id, name, users, connections, queues) ON "Plans" TO taktreviewer;
            GRANT SELECT ("companyId") ON "Users", "Queues" TO taktreviewer;
            GRANT SELECT (id, "companyId") ON "Campaigns" TO taktreviewer;
            GRANT SELECT ("campaignId", status, "createdAt") ON "CampaignShipping" TO taktreviewer;
            GRANT SELECT (id, key, value, "companyId") ON "CampaignSettings" TO taktreviewer;
            GRANT SELECT (id, "contactListId", number, "updatedAt") ON "ContactListItems" TO taktreviewer;
            INSERT INTO "Campaigns" (id, "companyId") VALUES (1, 1);
            INSERT INTO "CampaignShipping" ("campaignId", status, "createdAt") VALUES (1, 'delivered', '2026-03-15Z');
            """);
        var reader = new Npgsql.NpgsqlConnectionStringBuilder(_product.ConnectionString) { Username = "taktreviewer", Password = "taktreviewer" }.ConnectionString;
        _system = _system with { Watch = null, TenantDirectory = new() { Kind = SystemKinds.TaktChat, ConnectionString = reader } };
        Assert.True((await WeeklyAsync()).Complete);
        Assert.True((await RunAsync(_services.GetRequiredService<MonthlyCompanies>(), First)).Complete);

        await ExecuteAsync("""REVOKE SELECT ("companyId") ON "Queues" FROM taktreviewer""");
        _time.Advance(TimeSpan.FromMinutes(1));
        var outcome = await RunAsync(_services.GetRequiredService<MonthlyCompanies>(), First);
        Assert.False(outcome.Complete);
        Assert.Single(((MonthlyCompanyReport)outcome.Report!).Campaigns);
        Assert.Contains("permission denied", (await FindingsAsync()).Single().Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_leaves_the_review_incomplete_and_closes_nothing()
    {
        await ExecuteAsync("""INSERT INTO "Users" ("companyId") VALUES (1), (1), (1)""");
        await MonthlyReportAsync();
        _system = _system with { Watch = null, TenantDirectory = new() { Kind = SystemKinds.TaktChat, ConnectionString = "Host=127.0.0.1;Port=9;Username=x;Password=hunter2;Timeout=2" } };
        _time.Advance(TimeSpan.FromMinutes(1));
        var outcome = await RunAsync(_services.GetRequiredService<MonthlyCompanies>(), First);
        Assert.False(outcome.Complete);
        Assert.DoesNotContain("hunter2", outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(["plan_exceeded/1"], await OpenAsync());
        Assert.False(_services.GetRequiredService<WeeklyCompanies>().AppliesTo(new() { Name = "x", Kind = SystemKinds.Evolution }));
        Assert.False(_services.GetRequiredService<WeeklyCompanies>().AppliesTo(new() { Name = "x", Kind = SystemKinds.TaktChat, Watch = new() { Postgres = [new() { Name = "db", ConnectionString = "x" }] } }));
    }

    private async Task<MonthlyCompanyReport> MonthlyReportAsync()
    {
        var outcome = await RunAsync(_services.GetRequiredService<MonthlyCompanies>(), First);
        Assert.True(outcome.Complete, outcome.Summary);
        return (MonthlyCompanyReport)outcome.Report!;
    }

    /// <param name="keep">As the runner keeps it.</param>
    private async Task<RoutineOutcome> WeeklyAsync(bool keep = true)
    {
        var now = _time.GetUtcNow();
        var outcome = await RunAsync(_services.GetRequiredService<WeeklyCompanies>(), now);
        if (keep) await _services.GetRequiredService<RoutineStore>().SaveAsync(new(Guid.NewGuid(), "takt", "weekly-companies", now, null, now, now, "done", outcome.Summary, RoutineStore.Json(outcome.Report)), default);
        return outcome;
    }

    private Task<RoutineOutcome> RunAsync(IRoutine routine, DateTimeOffset due) => routine.RunAsync(new(_system, due, null), CancellationToken.None);

    private Task<IReadOnlyList<Finding>> FindingsAsync() => _services.GetRequiredService<IFindings>().ListAsync(new FindingQuery(Limit: 100), CancellationToken.None);

    private async Task<IEnumerable<string>> OpenAsync() =>
        (await FindingsAsync()).Where(finding => finding.Kind == "company_review").Select(finding => $"{finding.Evidence["rule"]}/{finding.Evidence.GetValueOrDefault("company")}").Order(StringComparer.Ordinal);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _product.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
