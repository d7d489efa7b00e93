using WhatsOps.Cli.Up;
using WhatsOps.Reports;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Reports;

public sealed class ReportTests : IAsyncLifetime
{
    private const string ApiLogs =
        """
        CREATE TABLE api_logs (id bigint GENERATED ALWAYS AS IDENTITY, created_at timestamptz NOT NULL, service text, tenant_slug text, event text, status text, response_time numeric, error_type text, data jsonb)
        """;

    private static readonly DateTimeOffset Inside = ReportWorld.Now.AddDays(-1);
    private ReportWorld world = null!;

    public async ValueTask InitializeAsync() => world = await ReportWorld.CreateAsync();

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-045")]
    [Capability("R-046")]
    public async Task A_week_of_calls_begins_and_ends_at_its_edges()
    {
        await world.CallAsync(ReportWorld.Now.AddDays(-7), "seen", 200, 10);
        await world.CallAsync(ReportWorld.Now.AddMilliseconds(-1), "unreachable", null, 30_000);
        await world.CallAsync(ReportWorld.Now.AddDays(-7).AddMilliseconds(-1), "seen", 200, 10, times: 3);
        await world.CallAsync(ReportWorld.Now, "seen", 200, 10, times: 5);
        await world.CallAsync(Inside, "seen", 200, 10, system: "another");
        var calls = (await world.MakeAsync<PerformanceReport>("performance")).Sources[0];
        Assert.Equal((2, 1, 50m), (calls.Requests, calls.Successes, calls.SuccessPercent));
    }

    [Fact]
    [Capability("R-046")]
    public async Task Without_any_call_there_is_no_rate_and_the_report_says_so()
    {
        var report = await world.MakeAsync<PerformanceReport>("performance");
        Assert.Equal((0, null, null, null), (report.Sources[0].Requests, report.Sources[0].SuccessPercent, report.Sources[0].AverageMs, report.Sources[0].P95Ms));
        Assert.Contains("Nothing was called, so there is no rate.", ReportFormat.Html.Write(report), StringComparison.Ordinal);
        Assert.Contains("nothing was called", report.Summary(), StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-047")]
    [Capability("R-048")]
    [Capability("R-049")]
    public async Task Response_times_are_of_answers_only_and_errors_and_slow_tenants_are_named()
    {
        await world.CallAsync(Inside, "seen", 200, 100, "quick", 19);
        await world.CallAsync(Inside, "seen", 200, 2000, "slow");
        await world.CallAsync(Inside, "unreachable", null, 30_000, "quick", 2);
        await world.CallAsync(Inside, "failed", 500, 180, "quick");
        await world.CallAsync(Inside, "", 200, 100);
        var calls = (await world.MakeAsync<PerformanceReport>("performance")).Sources[0];
        // (19·100 + 2000 + 180 + 100) / 22; of 22 answers the 21st.
        Assert.Equal((190m, 180m, 2), (calls.AverageMs, calls.P95Ms, calls.Unanswered));
        Assert.Equal([new("no_answer", 2), new("http_500", 1), new("unknown", 1)], calls.Errors);
        Assert.Equal([new("slow", 2000, 1), new("quick", 104, 20)], calls.SlowestTenants);
        Assert.Equal([new(new(2026, 2, 28), 24, 4)], calls.Days);
    }

    [Fact]
    [Capability("R-045")]
    [Capability("R-047")]
    [Capability("R-048")]
    public async Task The_products_own_log_of_calls_is_counted_where_it_is()
    {
        await ReportWorld.ExecuteAsync(world.Product.DataSource, ApiLogs);
        await ReportWorld.ExecuteAsync(
            world.Product.DataSource,
            """
            INSERT INTO api_logs (created_at, service, tenant_slug, status, response_time, error_type) VALUES
              ($1, 'whatsapp', 'a', 'success', 100, NULL), ($1, 'whatsapp', 'a', 'success', NULL, NULL), ($1, 'whatsapp', 'b', 'error', 301, ''), ($1, 'whatsapp', 'b', 'error', NULL, 'rate limit 5511999990000'),
              ($1, 'asaas', 'a', 'error', 9000, 'other'), ($1 - interval '8 days', 'whatsapp', 'a', 'error', 9000, 'old')
            """,
            Inside);
        var report = await world.MakeAsync<PerformanceReport>("performance");
        var calls = report.Sources.Single(source => source.Source == "api_logs");
        Assert.Equal((4, 2, 50m, 2, 200.5m, 301m), (calls.Requests, calls.Successes, calls.SuccessPercent, calls.Unanswered, calls.AverageMs, calls.P95Ms));
        Assert.Equal([new("rate limit *********0000", 1), new("unknown", 1)], calls.Errors);
        Assert.Equal([new("b", 301, 1), new("a", 100, 1)], calls.SlowestTenants);
        Assert.Empty(report.Head.Notes);
    }

    [Fact]
    public async Task A_log_with_fewer_columns_is_read_for_what_it_has()
    {
        await ReportWorld.ExecuteAsync(world.Product.DataSource, "CREATE TABLE api_logs (created_at timestamp NOT NULL, status text, response_time text)");
        await ReportWorld.ExecuteAsync(world.Product.DataSource, "INSERT INTO api_logs VALUES ($1::timestamptz AT TIME ZONE 'UTC', 'error', 'fast'), ($1::timestamptz AT TIME ZONE 'UTC', 'success', '12')", Inside);
        var calls = (await world.MakeAsync<PerformanceReport>("performance")).Sources[1];
        Assert.Equal((2, 1, 2, null), (calls.Requests, calls.Successes, calls.Unanswered, calls.P95Ms));
        Assert.Equal([new("unknown", 1)], calls.Errors);
    }

    [Fact]
    [Capability("R-045", Absent = true)]
    public async Task A_product_without_a_log_of_calls_is_stated_and_a_finding_until_it_has_one()
    {
        var outcome = await world.RunAsync("performance-report");
        Assert.True(outcome.Complete);
        Assert.Single(((PerformanceReport)outcome.Report!).Sources);
        Assert.Contains("no table api_logs", Assert.Single(((PerformanceReport)outcome.Report!).Head.Notes), StringComparison.Ordinal);
        Assert.Contains("no table api_logs", Assert.Single(await world.Findings.ListAsync(new(Kind: "report_source_missing"), default)).Cause, StringComparison.Ordinal);

        await ReportWorld.ExecuteAsync(world.Product.DataSource, ApiLogs);
        world.Time.Advance(TimeSpan.FromDays(7));
        await world.RunAsync("performance-report", world.Time.GetUtcNow());
        Assert.Empty(await world.Findings.ListAsync(new(Kind: "report_source_missing"), default));
    }

    [Fact]
    public async Task A_product_that_cannot_be_asked_makes_the_report_incomplete_and_closes_nothing()
    {
        await world.RunAsync("performance-report");
        world.Revalya = world.Revalya with { TenantDirectory = new() { Kind = "revalya", ConnectionString = "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=hunter2" } };
        world.Time.Advance(TimeSpan.FromDays(7));
        var outcome = await world.RunAsync("performance-report");
        Assert.False(outcome.Complete);
        Assert.Contains("could not be asked", ((PerformanceReport)outcome.Report!).Head.Notes[0], StringComparison.Ordinal);
        Assert.Single(await world.Findings.ListAsync(new(Kind: "report_source_missing"), default));
        Assert.All(world.Blobs.Content, blob => Assert.DoesNotContain("hunter2", blob.Value, StringComparison.Ordinal));
    }

    [Fact]
    [Capability("R-071")]
    [Capability("R-072")]
    public async Task Slow_answers_and_errors_are_findings_until_a_week_is_well_and_a_silent_week_says_nothing()
    {
        await world.CallAsync(Inside, "seen", 200, 5001, times: 94);
        await world.CallAsync(Inside, "failed", 500, 5001, times: 6);
        await world.RunAsync("performance-report");
        Assert.Equal(["performance_errors", "performance_slow"], await KindsAsync());

        world.Time.Advance(TimeSpan.FromDays(7));
        await world.RunAsync("performance-report", world.Time.GetUtcNow());
        Assert.Equal(["performance_errors", "performance_slow"], await KindsAsync());

        await world.CallAsync(world.Time.GetUtcNow().AddHours(1), "seen", 200, 5000, times: 95);
        await world.CallAsync(world.Time.GetUtcNow().AddHours(1), "failed", 500, 5000, times: 5);
        world.Time.Advance(TimeSpan.FromDays(7));
        await world.RunAsync("performance-report", world.Time.GetUtcNow());
        Assert.Empty(await KindsAsync());
    }

    [Fact]
    [Capability("R-101")]
    [Capability("R-102")]
    [Capability("R-103")]
    [Capability("R-104")]
    [Capability("R-105")]
    public async Task Usage_counts_tenants_connections_uptime_activity_and_errors_of_30_days()
    {
        await RevalyaTables.SeedAsync(world.Product.DataSource, "a", "{}");
        await RevalyaTables.SeedAsync(world.Product.DataSource, "b", "{}", integrationActive: false);
        await RevalyaTables.SeedAsync(world.Product.DataSource, "c", tenantActive: false);
        var at = ReportWorld.Now.AddHours(-6);
        await world.WatchedAsync(at, at.AddHours(3).AddMinutes(-5), "a", "open");
        // For Evolution this is a disconnection: it sends no close for a transient one.
        await world.WatchedAsync(at.AddHours(3), at.AddHours(4), "a", "connecting");
        await world.WatchedAsync(at.AddHours(4), ReportWorld.Now, "a", "open");
        for (var i = 0; i < 12; i++) await world.EventAsync(Inside, $"t{i:00}", "messages.upsert", i + 1);
        await world.EventAsync(Inside, "t11", "messages.upsert", 100, foreign: true);
        await world.EventAsync(ReportWorld.Now.AddDays(-30), "t00", "presence.update", 50);
        await world.EventAsync(ReportWorld.Now.AddDays(-30).AddMilliseconds(-1), "t00", "presence.update", 500);
        await world.CallAsync(Inside, "unreachable", null, 10, times: 4);

        var usage = await world.MakeAsync<UsageReport>("usage");
        Assert.Equal((3, 2, 1), (usage.Tenants, usage.ActiveTenants, usage.ActiveIntegrations));
        Assert.Equal((1, 1), (usage.Connections, usage.Disconnections));
        Assert.Equal((83.33m, 0.83m), (usage.Uptime.Percent, usage.Uptime.CoveragePercent));
        Assert.Equal([new("t00", 51), .. Enumerable.Range(0, 9).Select(i => new CountOf($"t{11 - i:00}", 12 - i))], usage.TopTenants);
        Assert.Equal([new("no_answer", 4)], usage.Errors);
    }

    [Fact]
    public async Task Usage_without_the_products_database_says_so_and_counts_the_rest()
    {
        world.Revalya = world.Revalya with { TenantDirectory = null };
        await world.EventAsync(Inside, "a", "messages.upsert");
        var usage = await world.MakeAsync<UsageReport>("usage");
        Assert.Equal((null, null, null), (usage.Tenants, usage.ActiveTenants, usage.ActiveIntegrations));
        Assert.Single(usage.Head.Notes);
        Assert.Equal([new("a", 1)], usage.TopTenants);
    }

    [Fact]
    [Capability("R-108")]
    public async Task The_weekly_report_says_what_each_tenant_got()
    {
        var at = ReportWorld.Now.AddHours(-10);
        await world.WatchedAsync(at, at.AddHours(8).AddMinutes(-5), "a", "open");
        await world.WatchedAsync(at.AddHours(8), at.AddHours(9).AddMinutes(-5), "a", "close");
        await ReportWorld.ExecuteAsync(world.Database.DataSource, "INSERT INTO whatsops.instance_qr_codes VALUES ('revalya', 'revalya-a', $1, 3)", at.AddHours(8).AddMinutes(59));
        await world.WatchedAsync(at.AddHours(9), ReportWorld.Now, "a", "open");
        await world.WatchedAsync(at, ReportWorld.Now, "5511999990000", "open");
        await world.EventAsync(Inside, "a", "messages.upsert", 7);
        await world.EventAsync(Inside, "a", "send.message", 5);
        var report = await world.MakeAsync<WeeklyReport>("weekly");
        var a = report.Tenants.Single(tenant => tenant.Tenant == "a");
        Assert.Equal((90m, 5.95m, 60m, 50.4m, false), (a.UptimePercent, a.CoveragePercent, a.DownMinutes, a.SlaMinutes, a.SlaKept));
        Assert.Equal((7, null, 1, 1, null), (a.MessagesIn, a.MessagesOut, a.Reauthentications, a.Disconnections, a.LostEvents));
        // A tenant may be named like a telephone number.
        // 10 hours of a week are too few to say that it was kept.
        Assert.Equal(("*********0000", null), (report.Tenants.Single(tenant => tenant.Tenant != "a").Tenant, report.Tenants.Single(tenant => tenant.Tenant != "a").SlaKept));
        Assert.Equal(2, report.Head.Notes.Count);
        Assert.Contains("SEND_MESSAGE is not subscribed", report.Head.Notes[1], StringComparison.Ordinal);

        world.Revalya = world.Revalya with { Webhook = new() { DeliverTo = "https://product.example.com", Events = ["CONNECTION_UPDATE", "QRCODE_UPDATED", "MESSAGES_UPSERT", "SEND_MESSAGE"] } };
        await ReportWorld.ExecuteAsync(
            world.Database.DataSource,
            """
            INSERT INTO whatsops.deliveries (event_id, system, tenant, received_at, event, state, owed_since, next_attempt_at)
              SELECT gen_random_uuid(), 'revalya', 'a', $1, 'messages.upsert', s, $1, $1 FROM unnest(ARRAY['dead', 'dead', 'pending', 'delivered']) s
            """,
            Inside);
        report = await world.MakeAsync<WeeklyReport>("weekly");
        Assert.Equal((5, 2), (report.Tenants.Single(tenant => tenant.Tenant == "a").MessagesOut, report.Tenants.Single(tenant => tenant.Tenant == "a").LostEvents));
        Assert.Empty(report.Head.Notes);
    }

    [Fact]
    [Capability("R-125")]
    public async Task The_monthly_report_sets_a_month_beside_the_one_before()
    {
        // São Paulo's February begins at 03:00 UTC.
        await world.CallAsync(new(2026, 2, 1, 3, 0, 0, TimeSpan.Zero), "seen", 200, 300, times: 3);
        await world.CallAsync(new(2026, 2, 1, 2, 59, 59, TimeSpan.Zero), "seen", 200, 100, times: 2);
        await world.CallAsync(new(2026, 1, 1, 2, 59, 59, TimeSpan.Zero), "seen", 200, 100, times: 9);
        var report = await world.MakeAsync<MonthlyReport>("monthly");
        var requests = report.Trends.Single(trend => trend.Name == "requests");
        Assert.Equal((3m, 2m, 50m), (requests.Now, requests.Before, requests.ChangePercent));
        Assert.Equal(200m, report.Trends.Single(trend => trend.Name == "average response time").ChangePercent);
        Assert.Null(report.Trends.Single(trend => trend.Name == "uptime").Now);
    }

    [Fact]
    public async Task A_routine_leaves_three_files_and_tells_every_route_once()
    {
        foreach (var routine in world.Routines)
        {
            await world.RunAsync(routine.Name);
            await world.RunAsync(routine.Name);
        }

        Assert.Equal(
            [.. world.Routines.SelectMany(routine => ((string[])["csv", "html", "json"]).Select(format => $"reports/revalya/{routine.Name}/2026-03-01T0800.{format}")).Order(StringComparer.Ordinal)],
            world.Blobs.Content.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(8, await world.ScalarAsync<long>("SELECT count(*) FROM whatsops.alert_outbox"));
        Assert.Equal(2, await world.ScalarAsync<long>(
            "SELECT count(*) FROM whatsops.alert_outbox WHERE message::text LIKE '%whatsops report show reports/revalya/weekly-report/2026-03-01T0800.html%'"));
    }

    [Fact]
    public async Task Blob_Storage_that_is_down_fails_the_routine_so_that_it_is_repeated()
    {
        world.Blobs.Down = true;
        await Assert.ThrowsAsync<TimeoutException>(() => world.RunAsync("weekly-report"));
        Assert.Equal(0, await world.ScalarAsync<long>("SELECT count(*) FROM whatsops.alert_outbox"));
    }

    [Fact]
    [Capability("R-108")]
    public void The_manuals_hours_are_the_defaults_and_the_fleet_file_may_name_each()
    {
        Assert.Equal("0 8 * * 0", world.Routines.Single(routine => routine.Name == "weekly-report").DefaultSchedule);
        Assert.Equal("0 8 1 * *", world.Routines.Single(routine => routine.Name == "monthly-report").DefaultSchedule);
        Assert.All(world.Routines, routine => Assert.Contains(routine.Name, WhatsOps.Fleet.KnownRoutines.All));
    }

    private async Task<string[]> KindsAsync() =>
        [.. (await world.Findings.ListAsync(new(), default)).Select(finding => finding.Kind).Where(kind => kind.StartsWith("performance", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
