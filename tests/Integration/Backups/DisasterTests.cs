using Npgsql;
using WhatsOps.Backups;
using WhatsOps.Blobs;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Backups;

/// <summary>Everything of WhatsOps is lost but the blobs and the data key: docs/disaster-recovery.md, step by step.</summary>
public sealed class DisasterTests
{
    [Fact]
    [Capability("R-364"), Capability("R-210")]
    public async Task WhatsOps_comes_back_from_its_blobs_and_its_key()
    {
        string container;
        Guid set;
        await using (var lost = await BackupWorld.CreateAsync())
        {
            lost.Options = lost.Options with { Databases = [.. lost.Options.Databases, new() { Name = "whatsops", Own = true }] };
            await lost.Get<IAuditTrail>().RecordAsync("ana", "before.the.fire", BackupWorld.System, null, "remember me", default);
            set = (await lost.MakeAsync()).Id;
            container = lost.Container;
        }

        // A new machine: an empty database, no fleet; the blobs and the key are the old ones.
        await using var fresh = await BackupWorld.CreateAsync(container);
        var empty = fresh.Runs.Fleet.Document with { Systems = [] };
        fresh.Runs.Fleet.Document = empty;
        Assert.Equal(1, (await fresh.Get<CatalogueRebuild>().RunAsync(default)).Restored);
        var known = (await fresh.Get<BackupCatalogue>().FindAsync(set, default))!;
        await using (var content = await fresh.Get<PartReader>().OpenAsync(known.Manifest!, known.Manifest!.Parts.Single(part => part.Kind == "fleet"), default))
            fresh.Runs.Fleet.Document = (await System.Text.Json.JsonSerializer.DeserializeAsync<FleetDocument>(content, FleetJson.Options))!;
        Assert.Equal([BackupWorld.System], fresh.Runs.Fleet.Document.Systems.Select(system => system.Name));

        var run = await fresh.RestoreAsync(new RestoreDatabase(), ("part", "whatsops"), ("into", "whatsops_recovered"));

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        var recovered = new NpgsqlConnectionStringBuilder(fresh.Operations.ConnectionString) { Database = "whatsops_recovered", Pooling = false }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(recovered);
        // The next start would migrate it: there is nothing to do, and what it knew is there.
        await new WhatsOps.Database.Migrator(source, new(recovered)).MigrateAsync(default);
        await using (var command = source.CreateCommand("SELECT count(*) FROM whatsops.audit_trail WHERE action = 'before.the.fire' AND detail = 'remember me'"))
            Assert.Equal(1L, await command.ExecuteScalarAsync());
        await NewDatabase.DropAsync(new(fresh.Operations.ConnectionString), "whatsops_recovered", $"whatsops run {run.Id}", default);
    }

    [Fact]
    public async Task Without_the_right_key_nothing_opens_and_it_is_said_which_key_it_was()
    {
        await using var world = await BackupWorld.CreateAsync();
        var set = await world.MakeAsync();
        var part = set.Manifest!.Parts.Single(part => part.Name == "fleet");
        var otherKey = Path.GetTempFileName();
        await File.WriteAllTextAsync(otherKey, Convert.ToBase64String([.. Enumerable.Repeat((byte)9, 32)]));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(otherKey, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var settings = new Microsoft.Extensions.Configuration.ConfigurationManager { ["DataKeyFile"] = otherKey };
        var reader = new PartReader(new SealedBlobs(world.Get<IBlobStore>(), new SecretProtector(settings)));
        var problem = await Assert.ThrowsAsync<BackupException>(() => reader.OpenAsync(set.Manifest, part, default));
        Assert.Contains(part.KeyId, problem.Message, StringComparison.Ordinal);
        File.Delete(otherKey);
    }
}
