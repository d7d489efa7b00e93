using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>What a product's own tables tell, and what is said of those that do not.</summary>
public sealed class ProductTablesTests : WatchedDatabase
{
    [Fact]
    public async Task A_right_that_lacks_on_one_table_is_told_of_that_table_and_the_rest_is_seen()
    {
        await ExecuteAsync("DO $$ BEGIN CREATE ROLE onlooker LOGIN PASSWORD 'onlooker'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await ExecuteAsync(TurboZapTables + "GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker; REVOKE ALL ON instances FROM onlooker;");
        await using var world = await WorldAsync(ProductTables.TurboZap);
        world.Settings["DB"] = new NpgsqlConnectionStringBuilder(Product.ConnectionString) { Username = "onlooker", Password = "onlooker" }.ConnectionString;
        await world.TickAsync();
        var finding = Assert.Single(await world.FindingsAsync(), finding => finding.Subject == "postgres/db/instances");
        Assert.Equal((TroubleKinds.NotObservable, Severity.Medium, "The user may not read table instances, so nothing is known of instances. Fix: GRANT SELECT ON instances TO that user."), (finding.Kind, finding.Severity, finding.Cause));
        await AssertOthersAreSeenAsync(world);

        await ExecuteAsync("GRANT SELECT ON instances TO onlooker");
        for (var look = 0; look < 2; look++) await world.TickAsync();
        Assert.DoesNotContain("target_not_observable postgres/db/instances", await world.OpenAsync());
        Assert.Equal(1, await world.ValueAsync("postgres/db", "turbozap.instances", "connected"));
    }

    [Theory]
    [InlineData("lock_timeout=200")]
    [InlineData("statement_timeout=3000")]
    [InlineData("lock_timeout=0")]
    public async Task A_table_under_a_lock_is_told_as_that_and_its_database_answers(string setting)
    {
        await ExecuteAsync(TurboZapTables);
        await using var world = await WorldAsync(ProductTables.TurboZap);
        world.Settings["DB"] = new NpgsqlConnectionStringBuilder(Product.ConnectionString) { Options = $"-c {setting}" }.ConnectionString;
        await using var migration = await LockAsync("instances");
        await world.TickAsync();
        var finding = Assert.Single(await world.FindingsAsync(), finding => finding.Subject == "postgres/db/instances");
        Assert.Equal(TroubleKinds.NotObservable, finding.Kind);
        Assert.StartsWith("Table instances does not answer in time, so nothing is known of instances: it is locked,", finding.Cause, StringComparison.Ordinal);
        await AssertOthersAreSeenAsync(world);
    }

    [Fact]
    public async Task What_was_found_of_a_schema_stays_while_its_table_is_locked()
    {
        await ExecuteAsync("""CREATE TABLE "Whatsapps" (id int, status text, channel text); CREATE TABLE "SequelizeMeta" (name text PRIMARY KEY); INSERT INTO "SequelizeMeta" VALUES ('1-first.js')""");
        await using var world = await WorldAsync(ProductTables.TaktChat);
        world.Settings["DB"] = new NpgsqlConnectionStringBuilder(Product.ConnectionString) { Options = "-c lock_timeout=200" }.ConnectionString;
        var target = Assert.Single(world.Fleet.Watch!.Postgres);
        world.Fleet = world.Fleet with { Watch = new() { Postgres = [target with { SchemaVersion = "2-second.js" }] } };
        await world.TickAsync();
        Assert.Contains("target_misconfigured postgres/db/schema", await world.OpenAsync());

        await using (await LockAsync("\"SequelizeMeta\""))
            for (var look = 0; look < 3; look++) await world.TickAsync();
        Assert.Contains("target_misconfigured postgres/db/schema", await world.OpenAsync());
        Assert.Contains("target_not_observable postgres/db/\"SequelizeMeta\"", await world.OpenAsync());

        await ExecuteAsync("""INSERT INTO "SequelizeMeta" VALUES ('2-second.js')""");
        for (var look = 0; look < 2; look++) await world.TickAsync();
        Assert.DoesNotContain("target_misconfigured postgres/db/schema", await world.OpenAsync());
    }

    [Fact]
    public void Every_question_to_a_products_tables_has_its_time()
    {
        Assert.Equal(Look.UsualPatience, Patience(null));
        // Instances, messages, and the schema: 10 s each.
        Assert.Equal(Look.UsualPatience + TimeSpan.FromSeconds(30), Patience(ProductTables.TurboZap));

        TimeSpan Patience(ProductTables? tables) => new PostgresProbe(null!, null!, TimeProvider.System, null!)
            .LooksAt(new() { Name = "shop", Kind = "bot", Watch = new() { Postgres = [new() { Name = "db", ConnectionString = "${env:DB}", Tables = tables }] } }).Single().Patience;
    }

    [Fact]
    [Capability("R-261")]
    [Capability("R-267")]
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

    [Fact]
    [Capability("R-146")]
    public async Task The_schema_of_the_agent_is_at_a_revision_and_another_one_is_told_for_three_days()
    {
        await ExecuteAsync("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('3f2a9c')");
        await using var world = await WorldAsync(ProductTables.Agent);
        await world.TickAsync();
        await world.TickAsync();
        Assert.EndsWith("Its schema is at 3f2a9c.", await WordsAsync(world), StringComparison.Ordinal);
        Assert.DoesNotContain(await world.FindingsAsync(), finding => finding.Kind == TroubleKinds.VersionChanged);

        await ExecuteAsync("UPDATE alembic_version SET version_num = '77b1d0'");
        await world.TickAsync();
        var change = Assert.Single(await world.FindingsAsync(), finding => finding.Kind == TroubleKinds.VersionChanged);
        Assert.Equal((Severity.Low, "3f2a9c", "77b1d0", "schema"), (change.Severity, change.Evidence["before"], change.Evidence["after"], change.Evidence["part"]));
        Assert.StartsWith("The schema of postgres/db went from 3f2a9c to 77b1d0, as seen at ", change.Cause, StringComparison.Ordinal);

        await world.TickAsync(TimeSpan.FromDays(3) - TimeSpan.FromSeconds(1));
        Assert.Contains("version_changed postgres/db/schema", await world.OpenAsync());
        for (var look = 0; look < 3; look++) await world.TickAsync();
        Assert.DoesNotContain("version_changed postgres/db/schema", await world.OpenAsync());
    }

    [Fact]
    [Capability("R-146")]
    public async Task The_newest_migration_of_TaktChat_is_compared_with_the_one_that_the_fleet_file_wants()
    {
        await ExecuteAsync("""CREATE TABLE "SequelizeMeta" (name text PRIMARY KEY); INSERT INTO "SequelizeMeta" VALUES ('20251023011200-unique.js'), ('20240101000000-first.js'), ('20250601000000-plans.js')""");
        await using var world = await WorldAsync(ProductTables.TaktChat);
        var target = Assert.Single(world.Fleet.Watch!.Postgres);
        world.Fleet = world.Fleet with { Watch = new() { Postgres = [target with { SchemaVersion = "20251023011200-unique.js" }] } };
        await world.TickAsync();
        Assert.Equal(3, await world.ValueAsync("postgres/db", "postgres.migrations"));
        Assert.DoesNotContain("target_misconfigured postgres/db/schema", await world.OpenAsync());

        await ExecuteAsync("""INSERT INTO "SequelizeMeta" VALUES ('20260101000000-later.js')""");
        await world.TickAsync();
        var finding = Assert.Single(await world.FindingsAsync(), finding => finding.Kind == TroubleKinds.Misconfigured);
        Assert.Equal((Severity.Medium, "The schema of postgres/db is at 20260101000000-later.js, and the fleet file wants 20251023011200-unique.js. Fix: let the product migrate, with a backup before; or correct schemaVersion."), (finding.Severity, finding.Cause));
        Assert.Contains("version_changed postgres/db/schema", await world.OpenAsync());
    }

    [Fact]
    public async Task The_schema_of_TurboZap_is_at_the_version_that_was_applied_last()
    {
        await ExecuteAsync("CREATE TABLE schema_migrations (version int, applied_at timestamptz); INSERT INTO schema_migrations SELECT n, now() - interval '1 day' + n * interval '1 minute' FROM generate_series(1, 7) n");
        await using var world = await WorldAsync(ProductTables.TurboZap);
        await world.TickAsync();
        Assert.Equal(7, await world.ValueAsync("postgres/db", "postgres.migrations"));
        Assert.EndsWith("Its schema is at 7.", await WordsAsync(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_another_tool_is_not_observable_and_trouble_of_our_own_database_is_not_told_as_the_products()
    {
        await ExecuteAsync("CREATE TABLE schema_migrations (version text); INSERT INTO schema_migrations VALUES ('20240101')");
        await using var world = await WorldAsync(ProductTables.TurboZap);
        await world.Operations.ExecuteAsync("ALTER TABLE whatsops.target_versions RENAME TO moved");
        await world.TickAsync();
        await world.TickAsync();
        Assert.Equal(1, await world.ValueAsync("postgres/db", "up"));
        Assert.Contains("target_not_observable postgres/db/schema_migrations", await world.OpenAsync());
        Assert.DoesNotContain(await world.FindingsAsync(), finding => finding.Kind is TroubleKinds.Unauthorized or TroubleKinds.Unreachable);
        Assert.Contains(world.Logged, line => line.Contains("could not be kept", StringComparison.Ordinal));
    }

    [Theory]
    [Capability("R-146", Absent = true)]
    [InlineData("SELECT 1", "alembic_version", "has no table alembic_version")]
    [InlineData("CREATE TABLE alembic_version (version_num text)", "alembic_version", "no migration was ever applied")]
    [InlineData("CREATE TABLE alembic_version (version_num text); REVOKE ALL ON alembic_version FROM onlooker", "alembic_version", "GRANT SELECT ON alembic_version TO that user")]
    public async Task A_schema_whose_version_is_not_known_is_said_to_be_so_and_never_compared(string sql, string subject, string words)
    {
        await ExecuteAsync("DO $$ BEGIN CREATE ROLE onlooker LOGIN PASSWORD 'onlooker'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await ExecuteAsync("CREATE TABLE conversations (id int); CREATE TABLE messages (direction text); CREATE TABLE appointments (id int); CREATE TABLE meta_logs (status_code int); GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker");
        await ExecuteAsync(sql);
        await using var world = await WorldAsync(ProductTables.Agent);
        if (sql.Contains("REVOKE", StringComparison.Ordinal)) world.Settings["DB"] = new NpgsqlConnectionStringBuilder(Product.ConnectionString) { Username = "onlooker", Password = "onlooker" }.ConnectionString;
        var target = Assert.Single(world.Fleet.Watch!.Postgres);
        world.Fleet = world.Fleet with { Watch = new() { Postgres = [target with { SchemaVersion = "3f2a9c" }] } };
        await world.TickAsync();
        var finding = Assert.Single(await world.FindingsAsync(), finding => finding.Subject == $"postgres/db/{subject}");
        Assert.Equal((TroubleKinds.NotObservable, Severity.Low), (finding.Kind, finding.Severity));
        Assert.Contains(words, finding.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("target_misconfigured postgres/db/schema", await world.OpenAsync());
        Assert.EndsWith(" answers.", await WordsAsync(world), StringComparison.Ordinal);
    }

    private const string TurboZapTables = """
        CREATE TABLE instances (id uuid, name text, status text, device_jid text); INSERT INTO instances VALUES (gen_random_uuid(), 'a', 'connected', 'x');
        CREATE TABLE messages (from_me boolean, type text); INSERT INTO messages VALUES (true, 'text');
        CREATE TABLE schema_migrations (version int, applied_at timestamptz); INSERT INTO schema_migrations VALUES (7, now());
        """;

    private static async Task AssertOthersAreSeenAsync(WatchWorld world)
    {
        Assert.Equal((1, 1, 1), (await world.ValueAsync("postgres/db", "up"), await world.ValueAsync("postgres/db", "messages.sent"), await world.ValueAsync("postgres/db", "postgres.migrations")));
        Assert.NotNull(await world.ValueAsync("postgres/db", "postgres.connections"));
        Assert.Null(await world.ValueAsync("postgres/db", "turbozap.instances.down"));
        Assert.DoesNotContain(await world.FindingsAsync(), finding => finding.Kind is TroubleKinds.Unauthorized or TroubleKinds.Unreachable);
    }

    /// <summary>As a migration holds a table: until what it returns is disposed.</summary>
    private async Task<NpgsqlConnection> LockAsync(string table)
    {
        var connection = new NpgsqlConnection(Product.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }
}
