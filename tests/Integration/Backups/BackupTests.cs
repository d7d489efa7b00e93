using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Backups;
using WhatsOps.Blobs;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Tests.Integration.Backups;

public sealed class BackupTests : IAsyncLifetime
{
    private BackupWorld world = null!;

    public async ValueTask InitializeAsync()
    {
        world = await BackupWorld.CreateAsync();
        await world.ExecuteAsync(
            """
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            CREATE SCHEMA crm;
            CREATE TABLE public.messages (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text, raw bytea, at timestamptz NOT NULL DEFAULT now());
            INSERT INTO public.messages (body, raw) SELECT 'olá ' || i || E'\n\\.\t' || repeat('x', i % 400), decode(md5(i::text), 'hex') FROM generate_series(1, 20000) i;
            CREATE TABLE crm.contacts (id int PRIMARY KEY, "Nome" text);
            INSERT INTO crm.contacts SELECT i, 'n' || i FROM generate_series(1, 7) i;
            CREATE TABLE public.whatsmeow_device (jid text PRIMARY KEY);
            CREATE TABLE public.whatsmeow_keys (jid text REFERENCES public.whatsmeow_device, key bytea);
            INSERT INTO public.whatsmeow_device VALUES ('1'), ('2');
            INSERT INTO public.whatsmeow_keys VALUES ('1', '\x00ff');
            """);
    }

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-296"), Capability("R-123"), Capability("R-022"), Capability("R-213"), Capability("R-216")]
    public async Task A_set_is_made_read_back_and_restored_with_every_row()
    {
        var set = await world.MakeAsync();
        Assert.Equal((BackupState.Complete, null), (set.State, set.Problem));
        var part = Assert.Single(set.Manifest!.Parts, part => part.Kind == "postgres");
        Assert.Equal((20000, 7), (part.Counts["public.messages"], part.Counts["crm.contacts"]));
        Assert.Contains(set.Manifest.Parts, part => part.Name == "fleet");
        Assert.True(part.Bytes < part.PlainBytes);

        var report = await world.TestAsync(set);
        Assert.Equal((null, 4, 20010L), (report.Problem, report.Tables, report.Rows));
        Assert.NotNull((await world.Get<BackupCatalogue>().FindAsync(set.Id, default))!.TestedAt);
        Assert.Equal(0L, await ScratchesAsync(set));
        Assert.Empty(await world.OpenFindingsAsync());
    }

    [Fact]
    [Capability("R-385")]
    [Capability("R-325")]
    public async Task What_is_stored_is_encrypted_and_a_changed_byte_does_not_pass()
    {
        var set = await world.MakeAsync();
        var part = set.Manifest!.Parts.Single(part => part.Kind == "postgres");
        var blobs = world.Get<IBlobStore>();
        var stored = (await blobs.FindAsync(part.Blob, default))!.ToArray();
        Assert.Equal("WOB1"u8.ToArray(), stored[..4]);
        Assert.True(stored.AsSpan().IndexOf("messages"u8) < 0);

        stored[^40] ^= 1;
        await blobs.PutAsync(part.Blob, new BinaryData(stored), "application/octet-stream", overwrite: true, default);
        var problem = await Assert.ThrowsAsync<BackupException>(() => world.Get<PartReader>().VerifyAsync(part, default));
        Assert.Contains("SHA-256", problem.Message, StringComparison.Ordinal);
        Assert.NotNull((await world.TestAsync(set)).Problem);
        Assert.Contains("restore_test_failed", await world.OpenFindingsAsync());
        Assert.Equal(0L, await ScratchesAsync(set));
    }

    [Fact]
    [Capability("R-292"), Capability("R-220"), Capability("R-293"), Capability("R-295")]
    public async Task Chosen_tables_are_taken_by_name_and_prefix_and_an_optional_one_may_be_absent()
    {
        world.Options = world.Options with { Databases = [world.Options.Databases[0] with { Prefixes = ["whatsmeow_"], Tables = ["crm.contacts"], OptionalTables = ["bookings"] }] };
        var set = await world.MakeAsync();
        var part = set.Manifest!.Parts.Single(part => part.Kind == "postgres");
        Assert.Equal(["crm.contacts", "public.whatsmeow_device", "public.whatsmeow_keys"], part.Counts.Keys.Order());
        Assert.Equal("optional table bookings is not there", Assert.Single(part.Notices));
        Assert.Null((await world.TestAsync(set)).Problem);
    }

    [Fact]
    public async Task A_table_that_is_named_and_absent_fails_the_set_and_leaves_nothing()
    {
        world.Options = world.Options with { Databases = [world.Options.Databases[0] with { Tables = ["bookings"] }] };
        var set = await world.MakeAsync();
        Assert.Equal(BackupState.Failed, set.State);
        Assert.Contains("bookings", set.Problem, StringComparison.Ordinal);
        Assert.Empty(await world.Get<IBlobStore>().ListAsync(BackupPaths.Root, default));
        Assert.Contains("backup_failed", await world.OpenFindingsAsync());
    }

    [Fact]
    [Capability("R-212"), Capability("R-194")]
    public async Task The_routine_of_three_in_the_morning_asks_for_a_set()
    {
        var routine = world.Runs.Services.GetServices<IRoutine>().Single(routine => routine.Name == "backup");
        Assert.Equal("0 3 * * *", routine.DefaultSchedule);
        var outcome = await routine.RunAsync(new(world.Runs.Fleet.Document.Systems[0], DateTimeOffset.UtcNow, null), default);
        var set = Assert.Single(await world.Get<BackupCatalogue>().ListAsync(BackupWorld.System, BackupState.Running, 10, default));
        Assert.Contains(set.Id.ToString(), outcome.Summary, StringComparison.Ordinal);
        Assert.Equal(BackupState.Complete, (await world.MakeAsync(set)).State);
    }

    [Fact]
    [Capability("R-218")]
    public async Task The_result_is_told_whether_it_is_good_or_bad()
    {
        world.Runs.Fleet.Document = world.Runs.Fleet.Document with { Alerts = new() { Routes = [new() { Name = "team", Kind = "webhook", Url = "http://127.0.0.1:9/hook" }] } };
        await world.MakeAsync();
        world.Options = world.Options with { Databases = [world.Options.Databases[0] with { Tables = ["bookings"] }] };
        await world.MakeAsync();
        await using var command = world.Operations.DataSource.CreateCommand("SELECT message->>'title' || ': ' || (message->>'fields') FROM whatsops.alert_outbox WHERE route = 'team' ORDER BY created_at");
        await using var reader = await command.ExecuteReaderAsync();
        var told = new List<string>();
        while (await reader.ReadAsync()) told.Add(reader.GetString(0));
        Assert.Equal(2, told.Count);
        Assert.StartsWith("Backup of revalya is complete", told[0], StringComparison.Ordinal);
        Assert.Contains("rows", told[0], StringComparison.Ordinal);
        Assert.StartsWith("Backup of revalya failed", told[1], StringComparison.Ordinal);
        Assert.Contains("bookings", told[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_the_password()
    {
        var wrong = new NpgsqlConnectionStringBuilder(world.Product.ConnectionString) { Password = "plantedPassword1" };
        world.Options = world.Options with { Databases = [world.Options.Databases[0] with { ConnectionString = wrong.ConnectionString }] };
        var set = await world.MakeAsync();
        Assert.Equal(BackupState.Failed, set.State);
        Assert.DoesNotContain("plantedPassword1", set.Problem, StringComparison.Ordinal);
        Assert.Contains("password", set.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_that_ends_in_the_middle_is_no_dump_although_its_program_says_that_all_is_well()
    {
        var folder = Directory.CreateTempSubdirectory("whatsops-liar-").FullName;
        var major = (await world.ScalarAsync<string>("SHOW server_version")).Split('.')[0];
        var liar = Path.Combine(folder, "pg_dump");
        await File.WriteAllTextAsync(liar, $"#!/bin/sh\n[ \"$1\" = --version ] && {{ echo 'pg_dump (PostgreSQL) {major}.0'; exit 0; }}\necho 'COPY public.messages FROM stdin;'\nexit 0\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(liar, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // The oldest program that is new enough is taken, and none is older than this one says it is.
        var clients = new PgClients(new Microsoft.Extensions.Configuration.ConfigurationManager { ["PostgresClients"] = folder });
        var source = new PostgresSource(world.Options.Databases[0], new(world.Product.ConnectionString), clients);

        var problem = await Assert.ThrowsAsync<BackupException>(() => source.WriteAsync(Stream.Null, default));

        Assert.Contains("ends in the middle", problem.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_catalogue_is_rebuilt_from_the_manifests()
    {
        var set = await world.MakeAsync();
        await using (var forget = world.Operations.DataSource.CreateCommand("DELETE FROM whatsops.backup_sets")) await forget.ExecuteNonQueryAsync();
        Assert.Equal(1, (await world.Get<CatalogueRebuild>().RunAsync(default)).Restored);
        var back = await world.Get<BackupCatalogue>().FindAsync(set.Id, default);
        Assert.Equal(set.Bytes, back!.Bytes);
        Assert.Null((await world.TestAsync(back)).Problem);
        Assert.Equal((0, 1), await world.Get<CatalogueRebuild>().RunAsync(default) is var again ? (again.Restored, again.Known) : default);
    }

    private async Task<long> ScratchesAsync(BackupSet set)
    {
        await using var command = world.Product.DataSource.CreateCommand("SELECT count(*) FROM pg_database WHERE datname = $1");
        command.Parameters.Add(new() { Value = NewDatabase.ScratchName(set.Id, "product") });
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
