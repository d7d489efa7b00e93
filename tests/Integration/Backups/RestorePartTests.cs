using StackExchange.Redis;
using WhatsOps.Backups;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Backups;

/// <summary>Redis keys and files, there and back, on a real Redis and real files.</summary>
public sealed class RestorePartTests : IAsyncLifetime
{
    private static readonly RestorePart Restore = new();
    private readonly string prefix = $"bull:{Guid.NewGuid():N}:";
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"whatsops-files-{Guid.NewGuid():N}");
    private BackupWorld world = null!;
    private ConnectionMultiplexer redis = null!;

    private IDatabase Keys => redis.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        world = await BackupWorld.CreateAsync();
        var server = await TestServers.RedisAsync();
        redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        Directory.CreateDirectory(Path.Combine(folder, "conf", "empty"));
        await File.WriteAllTextAsync(Path.Combine(folder, ".env"), "API_KEY=one\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "conf", "nginx.conf"), "listen 80;\n");
        world.Options = new()
        {
            Redis = [new() { Name = "queues", ConnectionString = server.ConnectionString, Prefixes = [prefix] }],
            Files = [new() { Name = "config", Paths = [Path.Combine(folder, ".env"), Path.Combine(folder, "conf")] }],
        };
    }

    public async ValueTask DisposeAsync()
    {
        await redis.DisposeAsync();
        await world.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Capability("R-410"), Capability("R-414")]
    public async Task Keys_of_every_type_come_back_with_their_time_and_later_ones_go()
    {
        byte[] blob = [0, 255, 10, 13, 0];
        await Keys.StringSetAsync(prefix + "s", blob);
        await Keys.StringSetAsync(prefix + "t", "soon", TimeSpan.FromHours(1));
        await Keys.ListRightPushAsync(prefix + "wait", [.. Enumerable.Range(0, 300).Select(i => (RedisValue)i)]);
        await Keys.HashSetAsync(prefix + "h", [new("a", "1"), new("b", "2")]);
        await Keys.SortedSetAddAsync(prefix + "z", "m", 1.5);
        await Keys.StreamAddAsync(prefix + "x", "f", "v");
        for (var i = 0; i < 500; i++) await Keys.StringSetAsync($"{prefix}job:{i}", i);
        var stranger = $"other:{prefix}";
        await Keys.StringSetAsync(stranger, "not ours");
        var set = await world.MakeAsync();
        Assert.Equal((BackupState.Complete, null), (set.State, set.Problem));
        Assert.Equal(506, set.Manifest!.Parts.Single(part => part.Name == "queues").Counts["keys"]);
        Assert.Null((await world.TestAsync(set)).Problem);

        await Keys.KeyDeleteAsync([prefix + "s", prefix + "wait"]);
        await Keys.StringSetAsync(prefix + "later", "1");
        await Keys.HashSetAsync(prefix + "h", "a", "changed");
        var run = await world.RestoreAsync(Restore, ("part", "queues"));

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal(blob, (byte[]?)await Keys.StringGetAsync(prefix + "s"));
        Assert.InRange((await Keys.KeyTimeToLiveAsync(prefix + "t"))!.Value, TimeSpan.FromMinutes(55), TimeSpan.FromHours(1));
        Assert.Null(await Keys.KeyTimeToLiveAsync(prefix + "s"));
        Assert.Equal((300, "299"), (await Keys.ListLengthAsync(prefix + "wait"), await Keys.ListGetByIndexAsync(prefix + "wait", 299)));
        Assert.Equal(("1", 1.5, 1), (await Keys.HashGetAsync(prefix + "h", "a"), await Keys.SortedSetScoreAsync(prefix + "z", "m"), await Keys.StreamLengthAsync(prefix + "x")));
        Assert.False(await Keys.KeyExistsAsync(prefix + "later"));
        Assert.Equal("not ours", await Keys.StringGetAsync(stranger));
    }

    [Fact]
    [Capability("R-413"), Capability("R-408")]
    public async Task Files_come_back_and_those_that_the_set_does_not_have_stay()
    {
        var set = await world.MakeAsync();
        Assert.Null((await world.TestAsync(set)).Problem);
        await File.WriteAllTextAsync(Path.Combine(folder, ".env"), "API_KEY=two\n");
        File.Delete(Path.Combine(folder, "conf", "nginx.conf"));
        await File.WriteAllTextAsync(Path.Combine(folder, "conf", "new.conf"), "new");

        var run = await world.RestoreAsync(Restore, ("part", "config"));

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal(("API_KEY=one\n", "listen 80;\n", "new"), (await ReadAsync(".env"), await ReadAsync("conf/nginx.conf"), await ReadAsync("conf/new.conf")));
    }

    [Fact]
    public async Task When_the_product_does_not_start_again_everything_is_as_before()
    {
        await Keys.StringSetAsync(prefix + "s", "backed up");
        await world.MakeAsync();
        await Keys.StringSetAsync(prefix + "s", "changed");
        await Keys.StringSetAsync(prefix + "later", "1");

        var run = await world.DriveAsync(await world.OpenAsync(Restore, ("part", "queues")), Restore, starts: false);

        Assert.Equal((RunState.Compensated, "how-to-start.people.start-by-hand"), (run.State, run.FailedStep));
        Assert.Equal<RedisValue>(["changed", "1"], await Keys.StringGetAsync([prefix + "s", prefix + "later"]));
    }

    [Fact]
    public async Task A_file_that_is_absent_or_a_wrong_password_fails_the_set_with_a_reason()
    {
        world.Options = new() { Files = [new() { Name = "config", Paths = [Path.Combine(folder, "none")] }] };
        var set = await world.MakeAsync();
        Assert.Equal(BackupState.Failed, set.State);
        Assert.Contains("none", set.Problem, StringComparison.Ordinal);

        world.Options = new() { Redis = [new() { Name = "queues", ConnectionString = $"127.0.0.1:{(await TestServers.RedisAsync()).Port},password=plantedPassword2" }] };
        set = await world.MakeAsync();
        Assert.Equal(BackupState.Failed, set.State);
        Assert.DoesNotContain("plantedPassword2", set.Problem, StringComparison.Ordinal);
    }

    private Task<string> ReadAsync(string name) => File.ReadAllTextAsync(Path.Combine(folder, name));
}
