using Npgsql;
using WhatsOps.Backups;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Integration.Backups;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// A restore of a database dies at every moment of every step, compensations included, on real databases and Azurite. It always ends with the set's rows in
/// place and the old database kept, or with everything as it was, and never leaves a database of its own behind. WHATSOPS_FAULTS=full dies at all three moments.
/// </summary>
public sealed class RestoreCrashMatrixTests(ITestOutputHelper output)
{
    private static readonly FaultPoint[] Moments = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full" ? Enum.GetValues<FaultPoint>() : [FaultPoint.Acted];
    private static readonly RestoreDatabase Runbook = new();

    // Where people stop and start the product; with containers ContainerRestoreTests.
    private static readonly IReadOnlyList<CrashPoint> Points =
        [.. CrashPoint.Of(Runbook).Where(point => Moments.Contains(point.Point) && !point.Path.Contains(RestoreActions.Services, StringComparison.Ordinal))];

    [Fact]
    public async Task Dying_anywhere_on_the_way_forward_ends_restored()
    {
        var points = Points.Where(point => point.Phase != Phase.Compensate).ToList();
        await using var world = await BackupWorld.CreateAsync();
        var (ended, databases) = await ResumeAsync(world, points, starts: true);
        for (var i = 0; i < points.Count; i++)
        {
            Assert.True(ended[i].State == RunState.Completed, $"{points[i]}: {ended[i].State} at {ended[i].FailedStep}: {ended[i].Failure}");
            Assert.Equal(3L, await CountAsync(databases[i]));
            Assert.Equal(2, (await NamesAsync(world, databases[i])).Count);
            // One backup was asked for by the run, however often it died.
            Assert.Equal(2, (await world.Get<BackupCatalogue>().ListAsync($"s{i}", BackupState.Complete, 10, default)).Count);
        }

        output.WriteLine($"{points.Count} crash points forward, 0 violations");
    }

    [Fact]
    public async Task Dying_anywhere_on_the_way_back_ends_as_it_was()
    {
        var points = Points.Where(point => point.Phase == Phase.Compensate).ToList();
        await using var world = await BackupWorld.CreateAsync();
        var (ended, databases) = await ResumeAsync(world, points, starts: false);
        for (var i = 0; i < points.Count; i++)
        {
            Assert.True(ended[i].State == RunState.Compensated, $"{points[i]}: {ended[i].State} at {ended[i].FailedStep}: {ended[i].Failure}");
            Assert.Equal(5L, await CountAsync(databases[i]));
            Assert.Single(await NamesAsync(world, databases[i]));
        }

        output.WriteLine($"{points.Count} crash points back, 0 violations");
    }

    private static async Task<(IReadOnlyList<Run> Ended, List<TestDatabase> Databases)> ResumeAsync(BackupWorld world, IReadOnlyList<CrashPoint> points, bool starts)
    {
        var databases = new List<TestDatabase>();
        var ended = await world.HelpedAsync(() => DeadRuns.ResumeAsync(world.Runs, Runbook, points, async index =>
        {
            var database = await TestDatabase.CreateAsync();
            databases.Add(database);
            await BackupWorld.ExecuteAsync(database, "CREATE TABLE t (i int); INSERT INTO t SELECT generate_series(1, 3)");
            world.AddSystem($"s{index}", database);
            var set = await world.Get<BackupDesk>().RequestAsync($"s{index}", null, default);
            while ((await world.Get<BackupCatalogue>().FindAsync(set.Id, default))!.State == BackupState.Running) await Task.Delay(20);
            await BackupWorld.ExecuteAsync(database, "INSERT INTO t SELECT generate_series(4, 5)");
            return await world.OpenAsync(Runbook, $"s{index}");
        }), starts);
        return (ended, databases);
    }

    private static async Task<long> CountAsync(TestDatabase database)
    {
        database.DataSource.Clear();
        await using var command = database.DataSource.CreateCommand("SELECT count(*) FROM t");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(BackupWorld world, TestDatabase database)
    {
        await using var command = world.Operations.DataSource.CreateCommand("SELECT datname FROM pg_database WHERE datname = $1 OR datname LIKE $1 || '\\_%'");
        command.Parameters.Add(new() { Value = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database! });
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }
}
