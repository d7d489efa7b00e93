using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Integration.Runbooks;
using Until = WhatsOps.Tests.Integration.Runbooks.Until;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>Lets runs of one runbook die, each at its own moment, and another process finish them.</summary>
internal static class DeadRuns
{
    /// <param name="openAsync">Makes the place of the run with this index and opens it.</param>
    /// <param name="standing">What must hold while all stand dead; null nothing.</param>
    /// <returns>The runs as they ended, in the order of the points.</returns>
    public static async Task<IReadOnlyList<Run>> ResumeAsync(
        RunbookRig rig, Runbook runbook, IReadOnlyList<CrashPoint> points, Func<int, Task<Run>> openAsync, Action? standing = null)
    {
        var faults = new DeadAtTheirPoint();
        // Every run that stands at its point keeps a connection, as the dying process would.
        await using var database = NpgsqlDataSource.Create(rig.Database.ConnectionString + ";Maximum Pool Size=100");
        var doomed = rig.Process(services => services.AddSingleton<IFaultPoints>(faults).AddSingleton(database)
            .AddSingleton(new RunbookPatience { TimeScale = rig.TimeScale, StepsAtOnce = 90 }));
        var engine = await rig.StartEngineAsync(runbook, doomed, points.Count + 10);
        var runs = new List<Guid>();
        foreach (var point in points)
        {
            // Opened with a client that starts nothing: the run must know its crash point before it moves.
            var run = await openAsync(runs.Count);
            faults.Set(run.Id, point);
            runs.Add(run.Id);
            await doomed.GetRequiredService<RunMotors>().StartAsync(engine.Client, run, default);
        }

        await Until.TrueAsync(() => Task.FromResult(!faults.Missing.Any()), 90, () => $"these to reach their crash point: {string.Join(", ", faults.Missing)}");
        standing?.Invoke();
        var death = engine.Engine.AbortAsync();
        faults.Die();
        await death;
        await engine.DisposeAsync();

        await using var next = await rig.StartEngineAsync(runbook, rig.Process(), points.Count + 10);
        await rig.Get<RunReconciler>().ReconcileAsync(next.Client, default);
        await Until.TrueAsync(async () => (await rig.Runs.ListAsync(new(OpenOnly: true), default)).Count == 0, 90, () => "all runs to end");
        var ended = new List<Run>();
        foreach (var id in runs) ended.Add((await rig.Runs.FindAsync(id, default))!);
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
        return ended;
    }
}
