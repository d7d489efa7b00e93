using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Fleet;
using WhatsOps.Retention;
using WhatsOps.Routines;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Reports;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Retention;

public sealed class CleanUpTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 5, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider time = new(Now);
    private TestDatabase database = null!;
    private TestDatabase product = null!;
    private FleetSystem system = null!;
    private RetentionPace pace = new() { Pause = TimeSpan.Zero };

    public async ValueTask InitializeAsync()
    {
        (database, product) = (await Databases.OperationsAsync(), await Databases.RevalyaAsync());
        system = new() { Name = "revalya", Kind = "evolution", TenantDirectory = new() { Kind = "revalya", ConnectionString = product.ConnectionString } };
    }

    public async ValueTask DisposeAsync()
    {
        await product.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Every_table_is_cleaned_or_kept_for_a_reason_and_none_is_named_that_is_not_there()
    {
        await using var command = database.DataSource.CreateCommand(
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'whatsops' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1");
        await using var row = await command.ExecuteReaderAsync();
        var tables = new List<string>();
        while (await row.ReadAsync()) tables.Add(row.GetString(0));
        Assert.Equal(tables, OwnTables.Cleaned.Select(table => table.Name).Concat(OwnTables.Kept.Keys).Order(StringComparer.Ordinal));
        Assert.All(OwnTables.Kept.Values, Assert.NotEmpty);
    }

    [Theory]
    [Capability("R-107")]
    [Capability("R-121")]
    [InlineData("gateway_calls", 90, "INSERT INTO whatsops.gateway_calls VALUES ($1, 's', 'g', NULL, NULL, 'o', 'seen', 200, 1)")]
    [InlineData("storm_counts", 90, "INSERT INTO whatsops.storm_counts VALUES ('s', 't', 'i', 'e', 'open', $1, 1)")]
    [InlineData("receiver_counts", 90, "INSERT INTO whatsops.receiver_counts VALUES ($1, 'stored', 1)")]
    [InlineData("instance_qr_codes", 90, "INSERT INTO whatsops.instance_qr_codes VALUES ('s', 'i', $1, 1)")]
    [InlineData("instance_gaps", 400, "INSERT INTO whatsops.instance_gaps VALUES ('s', 'i', $1::timestamptz - interval '1 hour', $1)")]
    [InlineData("call_rollups", 100, "INSERT INTO whatsops.call_rollups VALUES ('s', $1, 'g', '', 'o', 'seen', 200, 1, 1)")]
    [InlineData("event_rollups", 100, "INSERT INTO whatsops.event_rollups VALUES ('s', $1, 't', 'e', 1)")]
    [InlineData("alert_outbox", 30, "INSERT INTO whatsops.alert_outbox (id, route, system, message, created_at, sent_at) VALUES (gen_random_uuid(), 'r', 's', '{}', $1, $1)")]
    [InlineData("runs", 400, "INSERT INTO whatsops.runs (id, system, tenant, instance, gateway, runbook, version, plan, plan_hash, destructive, reason, requested_by, state, created_at, progressed_at, ended_at) SELECT gen_random_uuid(), 's', 't', 'i', 'g', 'b', 1, '{}', 'h', false, 'r', 'ana', 'completed', $1, $1, $1")]
    [InlineData("findings", 400, "INSERT INTO whatsops.findings (fingerprint, kind, check_name, system, severity, state, cause, evidence, opened_at, last_seen_at, closed_at) VALUES ('f', 'k', 'c', 's', 1, 'closed', 'x', '{}', $1, $1, $1)")]
    public async Task Own_records_go_when_their_time_is_over_and_not_before(string table, int days, string insert)
    {
        var edge = Now.AddDays(-days);
        await ReportWorld.ExecuteAsync(database.DataSource, insert, edge);
        await ReportWorld.ExecuteAsync(database.DataSource, insert, edge.AddMilliseconds(-1));
        var outcome = await RunAsync();
        Assert.True(outcome.Complete, outcome.Summary);
        var cleaned = ((CleanUpReport)outcome.Report!).Own.Single(one => one.Table == table);
        Assert.Equal((1, 1, 0), (cleaned.OldBefore, cleaned.Deleted, cleaned.OldAfter));
        Assert.Equal(1, await CountAsync(database, $"whatsops.{table}"));
    }

    [Fact]
    public async Task What_is_open_or_still_tells_something_stays_however_old_it_is()
    {
        var old = Now.AddDays(-1000);
        await ReportWorld.ExecuteAsync(
            database.DataSource,
            "INSERT INTO whatsops.runs (id, system, tenant, instance, gateway, runbook, version, plan, plan_hash, destructive, reason, requested_by, state, created_at, progressed_at) SELECT gen_random_uuid(), 's', 't', 'i', 'g', 'b', 1, '{}', 'h', false, 'r', 'ana', 'running', $1, $1", old);
        await ReportWorld.ExecuteAsync(
            database.DataSource,
            "INSERT INTO whatsops.findings (fingerprint, kind, check_name, system, severity, cause, evidence, opened_at, last_seen_at) VALUES ('f', 'k', 'c', 's', 1, 'x', '{}', $1, $1)", old);
        await ReportWorld.ExecuteAsync(
            database.DataSource, "INSERT INTO whatsops.alert_outbox (id, route, system, message, created_at) VALUES (gen_random_uuid(), 'r', 's', '{}', $1)", old);
        await ReportWorld.ExecuteAsync(
            database.DataSource,
            """
            INSERT INTO whatsops.instance_transitions (system, instance, tenant, at, from_state, to_state, source, is_disconnection)
              SELECT 's', 'i', 't', $1::timestamptz + n * interval '1 day', 'close', 'open', 'webhook', false FROM generate_series(1, 3) n
            """,
            old);
        await RunAsync();
        Assert.Equal((1, 1, 1), (await CountAsync(database, "whatsops.runs"), await CountAsync(database, "whatsops.findings"), await CountAsync(database, "whatsops.alert_outbox")));
        // The last change of an instance is its state today.
        Assert.Equal(1, await CountAsync(database, "whatsops.instance_transitions"));
    }

    [Fact]
    public async Task More_than_a_run_has_time_for_goes_in_the_next_one()
    {
        await ReportWorld.ExecuteAsync(
            database.DataSource, "INSERT INTO whatsops.gateway_calls SELECT $1, 's', 'g', NULL, NULL, 'o', 'seen', 200, 1 FROM generate_series(1, 12001)", Now.AddDays(-91));
        // Each look at the clock takes a millisecond: one before, one for the age, one before each batch.
        time.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1);
        pace = pace with { Budget = TimeSpan.FromMilliseconds(3.5) };
        var outcome = await RunAsync();
        Assert.False(outcome.Complete);
        Assert.Equal(2001, await CountAsync(database, "whatsops.gateway_calls"));
        time.AutoAdvanceAmount = TimeSpan.Zero;
        pace = new() { Pause = TimeSpan.Zero };
        Assert.True((await RunAsync()).Complete);
        Assert.Equal(0, await CountAsync(database, "whatsops.gateway_calls"));
    }

    [Fact]
    public async Task Of_two_clean_ups_at_once_one_does_the_own_tables()
    {
        await using var holder = await database.DataSource.OpenConnectionAsync();
        await using (var take = new Npgsql.NpgsqlCommand("SELECT pg_advisory_lock(hashtextextended('whatsops.clean-up', 0))", holder)) await take.ExecuteNonQueryAsync();
        Assert.Contains("another system's clean-up is at it", (await RunAsync()).Summary, StringComparison.Ordinal);
    }

    [Theory]
    [Capability("R-050")]
    [InlineData(Policy.Observe, 2)]
    [InlineData(Policy.Auto, 1)]
    public async Task The_products_log_loses_what_is_older_than_30_days_only_where_the_policy_says_so(Policy policy, int left)
    {
        await LogsAsync(Now.AddDays(-30), Now.AddDays(-30).AddMilliseconds(-1));
        system = system with { CleanUp = new Dictionary<string, Policy> { ["api_logs"] = policy } };
        var table = ((CleanUpReport)(await RunAsync()).Report!).Product.Single();
        Assert.Equal((1, 2 - left, left - 1), (table.OldBefore, table.Deleted, table.OldAfter));
        Assert.Equal(left, await CountAsync(product, "api_logs"));
    }

    [Fact]
    [Capability("R-051")]
    public async Task Expired_sessions_go_from_the_tables_the_manual_names_and_from_the_real_ones()
    {
        foreach (var (table, column) in ((string, string)[])[("tenant_sessions_audit", "expires_at"), ("tenant_refresh_tokens", "expires_at"), ("tenant_refresh_sessions", "refresh_expires_at")])
        {
            await ReportWorld.ExecuteAsync(product.DataSource, $"CREATE TABLE {table} (id uuid DEFAULT gen_random_uuid(), {column} timestamptz)");
            await ReportWorld.ExecuteAsync(product.DataSource, $"INSERT INTO {table} ({column}) VALUES ($1), ($1::timestamptz - interval '1 millisecond'), (NULL)", Now);
        }

        system = system with { CleanUp = CleanUpTables.All.ToDictionary(table => table, _ => Policy.Auto) };
        var tables = ((CleanUpReport)(await RunAsync()).Report!).Product;
        Assert.Equal(3, tables.Count);
        Assert.All(tables, table => Assert.Equal((1, 1, 0), (table.OldBefore, table.Deleted, table.OldAfter)));
        Assert.Equal(2, await CountAsync(product, "tenant_refresh_sessions"));
    }

    [Fact]
    [Capability("R-050", Absent = true)]
    [Capability("R-051", Absent = true)]
    public async Task Tables_that_the_product_does_not_have_are_no_trouble()
    {
        var outcome = await RunAsync();
        Assert.True(outcome.Complete);
        Assert.Empty(((CleanUpReport)outcome.Report!).Product);
    }

    [Fact]
    public async Task A_table_under_approval_waits_for_a_yes_which_is_for_what_was_shown()
    {
        await LogsAsync(Now.AddDays(-31));
        system = system with { CleanUp = new Dictionary<string, Policy> { ["api_logs"] = Policy.Approve } };
        await RunAsync();
        var requests = new CleanUpRequests(database.DataSource, time);
        Assert.Equal(1, Assert.Single(await requests.WaitingAsync("revalya", default)).Rows);

        // Another row becomes old before the yes, and a second look does not ask for more.
        await LogsAsync(Now.AddDays(-29.5));
        time.Advance(TimeSpan.FromDays(1));
        await RunAsync();
        Assert.Equal(2, await CountAsync(product, "api_logs"));
        await requests.GrantAsync("revalya", "api_logs", "ana", default);
        await RunAsync();
        Assert.Equal(1, await CountAsync(product, "api_logs"));
        Assert.Empty(await requests.WaitingAsync("revalya", default));
        await RunAsync();
        Assert.Equal(1, Assert.Single(await requests.WaitingAsync("revalya", default)).Rows);
    }

    [Fact]
    public async Task In_a_partitioned_log_only_old_rows_go()
    {
        await ReportWorld.ExecuteAsync(product.DataSource, "CREATE TABLE api_logs (created_at timestamptz NOT NULL) PARTITION BY RANGE (created_at)");
        await ReportWorld.ExecuteAsync(product.DataSource, "CREATE TABLE logs_old PARTITION OF api_logs FOR VALUES FROM (MINVALUE) TO ('2026-01-20')");
        await ReportWorld.ExecuteAsync(product.DataSource, "CREATE TABLE logs_new PARTITION OF api_logs FOR VALUES FROM ('2026-01-20') TO (MAXVALUE)");
        for (var i = 0; i < 5; i++) await ReportWorld.ExecuteAsync(product.DataSource, "INSERT INTO api_logs VALUES ($1), ($2)", Now.AddDays(-50), Now.AddDays(-1));
        system = system with { CleanUp = new Dictionary<string, Policy> { ["api_logs"] = Policy.Auto } };
        await RunAsync();
        Assert.Equal((0, 5), (await CountAsync(product, "logs_old"), await CountAsync(product, "logs_new")));
    }

    [Fact]
    public async Task A_product_that_cannot_be_asked_makes_the_run_incomplete_and_the_own_tables_are_cleaned()
    {
        await ReportWorld.ExecuteAsync(database.DataSource, "INSERT INTO whatsops.receiver_counts VALUES ($1, 'stored', 1)", Now.AddDays(-91));
        system = system with { TenantDirectory = new() { Kind = "revalya", ConnectionString = "Host=127.0.0.1;Port=1;Database=x;Username=x;Password=hunter2" } };
        var outcome = await RunAsync();
        Assert.False(outcome.Complete);
        Assert.DoesNotContain("hunter2", outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(database, "whatsops.receiver_counts"));
    }

    [Fact]
    [Capability("R-107")]
    public void The_manuals_hour_is_the_default() => Assert.Equal("0 2 * * *", Services().GetRequiredService<IRoutine>().DefaultSchedule);

    private async Task LogsAsync(params DateTimeOffset[] times)
    {
        await ReportWorld.ExecuteAsync(product.DataSource, "CREATE TABLE IF NOT EXISTS api_logs (created_at timestamptz NOT NULL)");
        foreach (var at in times) await ReportWorld.ExecuteAsync(product.DataSource, "INSERT INTO api_logs VALUES ($1)", at);
    }

    private Task<RoutineOutcome> RunAsync() => Services().GetRequiredService<IRoutine>().RunAsync(new(system, time.GetUtcNow(), null), default);

    private ServiceProvider Services() => new ServiceCollection()
        .AddSingleton(database.DataSource).AddSingleton<TimeProvider>(time).AddSingleton<IFleet>(new FixedFleet(new FleetDocument { Systems = [system] })).AddSingleton<ProductDatabases>()
        .AddSingleton(pace).AddLogging().AddRetention().BuildServiceProvider();

    private static async Task<long> CountAsync(TestDatabase where, string table)
    {
        await using var command = where.DataSource.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
