using StackExchange.Redis;
using WhatsOps.Backups;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Integration.Backups;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// A restore of Redis keys dies at every moment of every step, compensations included, on a real Redis and Azurite. It always ends with the set's keys and no
/// others, or with those that were there before it. WHATSOPS_FAULTS=full dies at all three moments.
/// </summary>
public sealed class RestorePartCrashMatrixTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly FaultPoint[] Moments = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full" ? Enum.GetValues<FaultPoint>() : [FaultPoint.Acted];
    private static readonly RestorePart Runbook = new();

    // Where people stop and start the product; with containers ContainerRestoreTests.
    private static readonly IReadOnlyList<CrashPoint> Points =
        [.. CrashPoint.Of(Runbook).Where(point => Moments.Contains(point.Point) && !point.Path.Contains(RestoreActions.Services, StringComparison.Ordinal))];

    private readonly string _place = $"crash:{Guid.NewGuid():N}";
    private string _server = null!;
    private ConnectionMultiplexer _redis = null!;

    private IDatabase Keys => _redis.GetDatabase();

    public async ValueTask InitializeAsync()
    {
        _server = (await TestServers.RedisAsync()).ConnectionString;
        _redis = await ConnectionMultiplexer.ConnectAsync(_server);
    }

    public async ValueTask DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task Dying_anywhere_on_the_way_forward_ends_with_the_keys_of_the_set()
    {
        var points = Points.Where(point => point.Phase != Phase.Compensate).ToList();
        await using var world = await BackupWorld.CreateAsync();
        var ended = await ResumeAsync(world, points, starts: true);
        for (var i = 0; i < points.Count; i++)
        {
            Assert.True(ended[i].State == RunState.Completed, $"{points[i]}: {ended[i].State} at {ended[i].FailedStep}: {ended[i].Failure}");
            Assert.Equal<RedisValue>(["as in the set", "1", RedisValue.Null], await Keys.StringGetAsync([Key(i, "changed"), Key(i, "deleted"), Key(i, "later")]));
            // One backup was asked for by the run, however often it died.
            Assert.Equal(2, (await world.Get<BackupCatalogue>().ListAsync($"s{i}", BackupState.Complete, 10, default)).Count);
        }

        output.WriteLine($"{points.Count} crash points forward, 0 violations");
    }

    [Fact]
    public async Task Dying_anywhere_on_the_way_back_ends_with_the_keys_that_were_there()
    {
        var points = Points.Where(point => point.Phase == Phase.Compensate).ToList();
        await using var world = await BackupWorld.CreateAsync();
        var ended = await ResumeAsync(world, points, starts: false);
        for (var i = 0; i < points.Count; i++)
        {
            Assert.True(ended[i].State == RunState.Compensated, $"{points[i]}: {ended[i].State} at {ended[i].FailedStep}: {ended[i].Failure}");
            Assert.Equal<RedisValue>(["changed", RedisValue.Null, "1"], await Keys.StringGetAsync([Key(i, "changed"), Key(i, "deleted"), Key(i, "later")]));
        }

        output.WriteLine($"{points.Count} crash points back, 0 violations");
    }

    private Task<IReadOnlyList<Run>> ResumeAsync(BackupWorld world, IReadOnlyList<CrashPoint> points, bool starts) =>
        world.HelpedAsync(() => DeadRuns.ResumeAsync(world.Runs, Runbook, points, async index =>
        {
            await Keys.StringSetAsync([new(Key(index, "changed"), "as in the set"), new(Key(index, "deleted"), "1")]);
            world.AddSystem($"s{index}", new BackupOptions { Redis = [new() { Name = "queues", ConnectionString = _server, Prefixes = [$"{_place}:{index}:"] }] });
            var set = await world.Get<BackupDesk>().RequestAsync($"s{index}", null, default);
            while ((await world.Get<BackupCatalogue>().FindAsync(set.Id, default))!.State == BackupState.Running) await Task.Delay(20);
            await Keys.KeyDeleteAsync(Key(index, "deleted"));
            await Keys.StringSetAsync([new(Key(index, "changed"), "changed"), new(Key(index, "later"), "1")]);
            return await world.OpenAsync(Runbook, $"s{index}");
        }), starts);

    private RedisKey Key(int index, string name) => $"{_place}:{index}:{name}";
}
