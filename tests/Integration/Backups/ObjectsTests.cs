using System.Text;
using WhatsOps.Backups;
using WhatsOps.Blobs;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Backups;

/// <summary>Media of a real S3-compatible store: stored once each, restored, and deleted when no set needs them any more.</summary>
public sealed class ObjectsTests : IAsyncLifetime
{
    private readonly string prefix = $"{Guid.NewGuid():N}/";
    private BackupWorld world = null!;
    private ObjectsBackup place = null!;

    public async ValueTask InitializeAsync()
    {
        world = await BackupWorld.CreateAsync();
        place = new() { Name = "media", Endpoint = (await TestServers.ObjectsAsync()).Endpoint, Bucket = LocalObjects.Bucket, Prefix = prefix, AccessKey = LocalObjects.Key, SecretKey = LocalObjects.Key };
        world.Options = new() { Objects = [place], Keep = new() { Days = 1, Weeks = 0, Months = 0 } };
        for (var i = 0; i < 5; i++) await PutAsync($"f{i}.ogg", $"voice {i}");
        await PutAsync("ação/é.jpg", "picture");
        await PutAsync("large.mp4", new string('x', 12_000_000));
        await PutAsync("empty", "");
    }

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-294")]
    public async Task Only_what_is_new_is_stored_again_and_every_set_restores()
    {
        var first = await MadeAsync();
        Assert.Equal((8, 8), (Part(first).Counts["objects"], Part(first).Counts["new"]));
        await PutAsync("f2.ogg", "voice 2, again");
        await PutAsync("f0a.ogg", "between two others");
        await DeleteAsync("f4.ogg");
        var second = await MadeAsync();
        Assert.Equal((8, 2), (Part(second).Counts["objects"], Part(second).Counts["new"]));
        Assert.Equal(0, Part(await MadeAsync()).Counts["new"]);
        Assert.Null((await world.TestAsync(second)).Problem);

        await PutAsync("f1.ogg", "spoilt");
        await DeleteAsync("large.mp4");
        var run = await world.RestoreAsync(new RestorePart(), ("set", first.Id.ToString()), ("part", "media"));

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal(["voice 0", "voice 1", "voice 2", "voice 3", "voice 4", "picture", "between two others"],
            [await ReadAsync("f0.ogg"), await ReadAsync("f1.ogg"), await ReadAsync("f2.ogg"), await ReadAsync("f3.ogg"), await ReadAsync("f4.ogg"), await ReadAsync("ação/é.jpg"), await ReadAsync("f0a.ogg")]);
        Assert.Equal(12_000_000, (await ReadAsync("large.mp4")).Length);
    }

    [Fact]
    public async Task An_object_lives_as_long_as_any_set_needs_it()
    {
        var first = await MadeAsync();
        await PutAsync("f2.ogg", "voice 2, again");
        await DeleteAsync("f4.ogg");
        await MadeAsync();
        Assert.Equal(9, await StoredAsync());
        await world.Runs.ExecuteAsync($"UPDATE whatsops.backup_sets SET requested_at = requested_at - interval '3 days' WHERE id = '{first.Id}'");

        await world.Get<BackupPruning>().PruneAsync(BackupWorld.System, dryRun: false, default);

        // The first set is gone, and with it what only it had: the old f2 and f4. The rest that it stored is the second's, too.
        Assert.Equal(7, await StoredAsync());
        var left = (await world.Get<BackupCatalogue>().NewestAsync(BackupWorld.System, default))!;
        Assert.Null((await world.TestAsync(left)).Problem);
    }

    [Fact]
    public async Task An_object_of_an_old_set_lives_however_many_sets_came_after_it()
    {
        await MadeAsync();
        await world.Runs.ExecuteAsync(
            $$"""
            INSERT INTO whatsops.backup_sets (id, system, state, requested_at, ended_at, bytes, manifest)
            SELECT id, '{{BackupWorld.System}}', 'complete', now() + i * interval '1 s', now(), 0,
                   jsonb_build_object('version', 1, 'system', '{{BackupWorld.System}}', 'id', id, 'startedAt', now(), 'completedAt', now(), 'parts', '[]'::jsonb)
              FROM (SELECT i, gen_random_uuid() AS id FROM generate_series(1, 1100) i) later
            """);
        Assert.Equal(0, await world.Get<ObjectPruning>().RunAsync(BackupWorld.System, default));
        Assert.Equal(8, await StoredAsync());
    }

    [Fact]
    public async Task A_wrong_key_fails_the_set_without_naming_it_and_leaves_nothing()
    {
        world.Options = world.Options with { Objects = [place with { AccessKey = "somebody", SecretKey = "plantedSecret4" }] };
        var set = await world.MakeAsync();
        Assert.Equal(BackupState.Failed, set.State);
        Assert.DoesNotContain("plantedSecret4", set.Problem, StringComparison.Ordinal);
        Assert.Equal(0, await StoredAsync());
    }

    [Fact]
    public async Task A_changed_blob_passes_neither_verification_nor_the_restore_test()
    {
        var set = await MadeAsync();
        await world.Get<SetVerification>().RunAsync(set.Manifest!, default);
        var blobs = world.Get<IBlobStore>();
        var path = (await blobs.ListAsync(BackupPaths.Objects(BackupWorld.System), default))[0];
        var stored = (await blobs.FindAsync(path, default))!.ToArray();
        stored[^1] ^= 1;
        await blobs.PutAsync(path, new BinaryData(stored), "application/octet-stream", overwrite: true, default);
        await Assert.ThrowsAsync<BackupException>(() => world.Get<SetVerification>().RunAsync(set.Manifest!, default));
        Assert.NotNull((await world.TestAsync(set)).Problem);
    }

    private static BackupPart Part(BackupSet set) => set.Manifest!.Parts.Single(part => part.Name == "media");

    private async Task<BackupSet> MadeAsync()
    {
        var set = await world.MakeAsync();
        Assert.Equal((BackupState.Complete, null), (set.State, set.Problem));
        return set;
    }

    private async Task<int> StoredAsync() => (await world.Get<IBlobStore>().ListAsync(BackupPaths.Objects(BackupWorld.System), default)).Count;

    private async Task PutAsync(string name, string text)
    {
        using var store = new ObjectStore(place, LocalObjects.Key, LocalObjects.Key);
        await store.WriteAsync(prefix + name, new MemoryStream(Encoding.UTF8.GetBytes(text)), default);
    }

    private async Task<string> ReadAsync(string name)
    {
        using var store = new ObjectStore(place, LocalObjects.Key, LocalObjects.Key);
        await using var content = await store.ReadAsync(prefix + name, default);
        return await new StreamReader(content).ReadToEndAsync();
    }

    private async Task DeleteAsync(string name)
    {
        using var client = new Amazon.S3.AmazonS3Client(LocalObjects.Key, LocalObjects.Key, new Amazon.S3.AmazonS3Config { ServiceURL = place.Endpoint, ForcePathStyle = true, AuthenticationRegion = place.Region });
        await client.DeleteObjectAsync(place.Bucket, prefix + name);
    }
}
