using System.Net;
using System.Net.Sockets;
using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

public sealed class PostgresProbeTests : IAsyncLifetime
{
    private TestDatabase product = null!;

    public async ValueTask InitializeAsync() => product = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => product.DisposeAsync();

    [Fact]
    [Capability("R-014")]
    [Capability("R-313")]
    [Capability("R-234")]
    public async Task A_database_tells_its_vitals_and_what_it_cannot_tell_is_said()
    {
        await using var world = await WorldAsync();
        await world.TickAsync();
        Assert.NotNull(await world.ValueAsync("postgres/db", "postgres.answer.seconds"));
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.connections"))!.Value, 1, 200);
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.size.bytes"))!.Value, 1_000_000, 1e9);
        // The fake clock is a minute ahead.
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.clock_skew.seconds"))!.Value, 30, 60);
        Assert.Contains("threshold_crossed clock-skew/postgres/db", await world.OpenAsync());
        Assert.Contains("target_not_observable postgres/db/statements", await world.OpenAsync());
    }

    [Fact]
    [Capability("R-014", Absent = true)]
    public async Task A_database_that_is_not_there_a_wrong_password_and_a_server_that_hangs_are_told_apart()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        var good = new NpgsqlConnectionStringBuilder(product.ConnectionString);
        await using var world = await WorldAsync("gone", "wrong", "hangs", "refused", "nonsense");
        world.Settings["GONE"] = new NpgsqlConnectionStringBuilder(good.ConnectionString) { Database = "no_such_database" }.ConnectionString;
        world.Settings["WRONG"] = new NpgsqlConnectionStringBuilder(good.ConnectionString) { Password = "planted-password-77" }.ConnectionString;
        world.Settings["HANGS"] = new NpgsqlConnectionStringBuilder(good.ConnectionString) { Port = ((IPEndPoint)hanging.LocalEndpoint).Port }.ConnectionString;
        world.Settings["REFUSED"] = new NpgsqlConnectionStringBuilder(good.ConnectionString) { Port = 1 }.ConnectionString;
        world.Settings["NONSENSE"] = "this is no connection string";
        for (var look = 0; look < 2; look++) await world.TickPastPatienceAsync();

        Assert.Equal(
            ["target_absent postgres/gone", "target_unauthorized postgres/nonsense", "target_unauthorized postgres/wrong", "target_unreachable postgres/hangs", "target_unreachable postgres/refused"],
            await world.OpenAsync());
        Assert.DoesNotContain(await world.FindingsAsync(), finding => finding.Cause.Contains("planted-password", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_see_what_others_run_is_told_so_and_no_number_stands_in()
    {
        await ExecuteAsync("DO $$ BEGIN CREATE ROLE onlooker LOGIN PASSWORD 'onlooker'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await using var world = await WorldAsync();
        world.Settings["DB"] = new NpgsqlConnectionStringBuilder(product.ConnectionString) { Username = "onlooker", Password = "onlooker" }.ConnectionString;
        await world.TickAsync();
        Assert.Contains("target_not_observable postgres/db/activity", await world.OpenAsync());
        Assert.Null(await world.ValueAsync("postgres/db", "postgres.longest_query.seconds"));
    }

    [Fact]
    public async Task A_statement_that_runs_and_a_transaction_left_open_are_measured()
    {
        await using var sleeping = new NpgsqlConnection(product.ConnectionString);
        await sleeping.OpenAsync();
        await using var sleep = new NpgsqlCommand("SELECT pg_sleep(30)", sleeping);
        using var enough = new CancellationTokenSource();
        var running = sleep.ExecuteNonQueryAsync(enough.Token);
        await using var idle = new NpgsqlConnection(product.ConnectionString);
        await idle.OpenAsync();
        await using var open = await idle.BeginTransactionAsync();
        await using (var one = new NpgsqlCommand("SELECT 1", idle, open)) await one.ExecuteScalarAsync();
        await Task.Delay(1100);

        await using var world = await WorldAsync();
        await world.TickAsync();
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.longest_query.seconds"))!.Value, 1, 60);
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.idle_in_transaction.seconds"))!.Value, 1, 60);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    [Capability("R-011")]
    public async Task TaktChat_sessions_that_are_not_CONNECTED_for_15_minutes_are_a_finding_until_they_are()
    {
        await ExecuteAsync(
            """
            CREATE TABLE "Whatsapps" (id serial, name text, status text, channel text, "companyId" int);
            INSERT INTO "Whatsapps" (name, status, channel) VALUES ('a', 'CONNECTED', 'whatsapp'), ('b', 'qrcode', NULL), ('c', NULL, 'instagram');
            """);
        await using var world = await WorldAsync(ProductTables.TaktChat);
        for (var minute = 0; minute < 15; minute++) await world.TickAsync();
        Assert.Equal((1, 1), (await world.ValueAsync("postgres/db", "taktchat.sessions.down"), await world.ValueAsync("postgres/db", "taktchat.sessions", "qrcode")));
        Assert.DoesNotContain("threshold_crossed taktchat-sessions-down/postgres/db", await world.OpenAsync());
        await world.TickAsync();
        Assert.Contains("threshold_crossed taktchat-sessions-down/postgres/db", await world.OpenAsync());

        await ExecuteAsync("""UPDATE "Whatsapps" SET status = 'CONNECTED' WHERE name = 'b'""");
        await world.TickAsync();
        Assert.DoesNotContain("threshold_crossed taktchat-sessions-down/postgres/db", await world.OpenAsync());
    }

    [Fact]
    [Capability("R-011", Absent = true)]
    public async Task A_database_without_the_products_tables_is_said_to_show_nothing()
    {
        await using var world = await WorldAsync(ProductTables.TaktChat);
        await world.TickAsync();
        Assert.Contains("target_not_observable postgres/db/\"Whatsapps\"", await world.OpenAsync());
    }

    [Fact]
    [Capability("R-261")]
    [Capability("R-267")]
    [Capability("R-271")]
    public async Task TurboZap_instances_that_are_paired_and_not_live_for_two_minutes_are_a_finding()
    {
        await ExecuteAsync(
            """
            CREATE TABLE instances (id uuid, name text, status text, device_jid text);
            INSERT INTO instances VALUES (gen_random_uuid(), 'a', 'connected', 'x'), (gen_random_uuid(), 'b', 'disconnected', 'y'), (gen_random_uuid(), 'new', 'disconnected', NULL);
            CREATE TABLE messages (from_me boolean, type text);
            INSERT INTO messages VALUES (true, 'text'), (true, 'text'), (false, 'image');
            """);
        await using var world = await WorldAsync(ProductTables.TurboZap);
        await world.TickAsync();
        await world.TickAsync();
        Assert.DoesNotContain("threshold_crossed turbozap-instances-down/postgres/db", await world.OpenAsync());
        await world.TickAsync();
        Assert.Contains("threshold_crossed turbozap-instances-down/postgres/db", await world.OpenAsync());
        Assert.Equal((1, 1, 2, 1), (
            await world.ValueAsync("postgres/db", "turbozap.instances.down"), await world.ValueAsync("postgres/db", "turbozap.instances", "connected"),
            await world.ValueAsync("postgres/db", "messages.sent"), await world.ValueAsync("postgres/db", "messages.received")));
    }

    [Fact]
    [Capability("R-177")]
    [Capability("R-178")]
    [Capability("R-180")]
    public async Task The_agents_tables_give_conversations_messages_appointments_and_refused_calls()
    {
        await ExecuteAsync(
            """
            CREATE TABLE conversations (id int); CREATE TABLE messages (direction text); CREATE TABLE appointments (id int); CREATE TABLE meta_logs (status_code int);
            INSERT INTO conversations VALUES (1), (2); INSERT INTO messages VALUES ('in'), ('out'), ('out'); INSERT INTO appointments VALUES (1); INSERT INTO meta_logs VALUES (200), (401), (403);
            """);
        await using var world = await WorldAsync(ProductTables.Agent);
        await world.TickAsync();
        Assert.Equal((2, 2, 1, 1, 2), (
            await world.ValueAsync("postgres/db", "agent.conversations"), await world.ValueAsync("postgres/db", "messages.sent"), await world.ValueAsync("postgres/db", "messages.received"),
            await world.ValueAsync("postgres/db", "agent.appointments"), await world.ValueAsync("postgres/db", "agent.refused_calls")));
    }

    [Fact]
    [Capability("R-190")]
    public async Task Conversations_are_counted_every_minute_and_not_more_often()
    {
        await ExecuteAsync("CREATE TABLE conversations (id int); CREATE TABLE messages (direction text); CREATE TABLE appointments (id int); CREATE TABLE meta_logs (status_code int)");
        await using var world = await WorldAsync(ProductTables.Agent);
        var start = world.Time.GetUtcNow();
        for (var tick = 0; tick < 6; tick++)
        {
            await ExecuteAsync($"INSERT INTO conversations VALUES ({tick})");
            await world.TickAsync(TimeSpan.FromSeconds(30));
        }

        var samples = Assert.Single(await world.Get<SampleStore>().SeriesAsync(WatchWorld.System, ["agent.conversations"], start, CancellationToken.None)).Value;
        Assert.Equal([(30, 1), (90, 3), (150, 5)], samples.Select(sample => ((int)Math.Round((sample.At - start).TotalSeconds), (int)sample.Value)));
    }

    private Task<WatchWorld> WorldAsync(params string[] names) => WorldAsync(null, names);

    private async Task<WatchWorld> WorldAsync(ProductTables? tables, params string[] names)
    {
        var world = await WatchWorld.StartAsync(new() { Postgres = [.. names.DefaultIfEmpty("db").Select(name => new PostgresTarget { Name = name, ConnectionString = $"${{env:{name.ToUpperInvariant()}}}", Tables = tables })] });
        world.Settings["DB"] = product.ConnectionString;
        return world;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = product.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
