using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Durable;
using WhatsOps.Tests.Integration.Runbooks;
using Until = WhatsOps.Tests.Integration.Runbooks.Until;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// The reset dies at every moment of every step, compensations included, on the embedded engine, a real database and a simulated gateway. It always ends
/// completed or taken back, and nothing happens twice that may not.
/// </summary>
public sealed class ResetCrashMatrixTests(ITestOutputHelper output)
{
    private static readonly Runbook Reset = new ResetIntegration();
    private static readonly IReadOnlyList<CrashPoint> Points = CrashPoint.Of(Reset);

    [Theory, InlineData(FaultPoint.Before), InlineData(FaultPoint.Acted), InlineData(FaultPoint.Recorded)]
    public async Task Dying_anywhere_on_the_way_forward_ends_completed(FaultPoint moment)
    {
        var forward = Points.Where(point => point.Phase != Phase.Compensate && point.Point == moment).ToList();
        Assert.Equal(Reset.Steps.Count + 2, forward.Count);
        await using var rig = await ResetRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        var runs = await DieAndResumeAsync(rig, forward);

        foreach (var (slug, point, run) in runs)
        {
            Assert.True(run.State == RunState.Completed, $"{point}: {run.State} at {run.FailedStep}: {run.Failure}");
            await rig.AssertRenewedAsync(slug);
            AssertNothingTwice(rig.Acts(slug), point);
        }

        output.WriteLine($"{runs.Count} crash points forward, 0 violations");
    }

    [Fact]
    public async Task Dying_anywhere_on_the_way_back_ends_fully_taken_back()
    {
        var back = Points.Where(point => point.Phase == Phase.Compensate).ToList();
        Assert.Equal(9, back.Count);
        await using var rig = await ResetRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/connect/*" });
        var before = new Dictionary<string, string?>();
        var runs = await DieAndResumeAsync(rig, back, async slug => before[slug] = await rig.RowsAsync(slug));

        foreach (var (slug, point, run) in runs)
        {
            Assert.True(run is { State: RunState.Compensated, FailedStep: "connect" }, $"{point}: {run.State} at {run.FailedStep}: {run.Failure}");
            await rig.AssertTakenBackAsync(slug, before[slug]);
            Assert.Single(rig.Acts(slug), act => act.StartsWith("POST /instance/create", StringComparison.Ordinal));
        }

        output.WriteLine($"{runs.Count} crash points back, 0 violations");
    }

    private static async Task<List<(string Slug, CrashPoint Point, Run Run)>> DieAndResumeAsync(ResetRig rig, IReadOnlyList<CrashPoint> points, Func<string, Task>? seeded = null)
    {
        var faults = new DeadAtTheirPoint();
        // Every run that stands at its point keeps a connection, as the dying process would.
        await using var database = NpgsqlDataSource.Create(rig.Runs.Database.ConnectionString + ";Maximum Pool Size=60");
        var doomed = rig.Runs.Process(services => services.AddSingleton<IFaultPoints>(faults).AddSingleton(database)
            .AddSingleton(new RunbookPatience { TimeScale = rig.Runs.TimeScale, StepsAtOnce = 50 }));
        var engine = await StartAsync(rig, doomed, points.Count);
        var runs = new List<(string Slug, CrashPoint Point, Guid Id)>();
        foreach (var point in points)
        {
            var slug = $"t{runs.Count}";
            await rig.SeedAsync(slug, "open");
            if (seeded is not null) await seeded(slug);
            // Opened with a client that starts nothing: the run must know its crash point before it moves.
            var run = await rig.OpenAsync(slug);
            faults.Set(run.Id, point);
            runs.Add((slug, point, run.Id));
            await doomed.GetRequiredService<RunMotors>().StartAsync(engine.Client, run, default);
        }

        await Until.TrueAsync(() => Task.FromResult(!faults.Missing.Any()), 60, () => $"these to reach their crash point: {string.Join(", ", faults.Missing)}");
        var death = engine.Engine.AbortAsync();
        faults.Die();
        await death;
        await engine.DisposeAsync();

        await using var next = await StartAsync(rig, rig.Runs.Process(), points.Count);
        await rig.Runs.Get<RunReconciler>().ReconcileAsync(next.Client, default);
        await Until.TrueAsync(async () => (await rig.Runs.Runs.ListAsync(new(OpenOnly: true), default)).Count == 0, 60, () => "all runs to end");
        var ended = new List<(string, CrashPoint, Run)>();
        foreach (var (slug, point, id) in runs) ended.Add((slug, point, (await rig.Runs.Runs.FindAsync(id, default))!));
        Assert.Equal(0L, await rig.Runs.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
        return ended;
    }

    private static async Task<TestEngine> StartAsync(ResetRig rig, ServiceProvider process, int activities)
    {
        var executor = process.GetRequiredService<StepExecutor>();
        var functions = new TestFunctions()
            .Orchestrator(Reset.Orchestrator, async context => await ((ResetIntegration)Reset).Run(context))
            .Activity(RunbookMotor.Activity, async (input, cancellation) => await executor.ExecuteAsync(input.Deserialize<StepCall>(JsonSerializerOptions.Web)!, cancellation));
        return await (await TestEngine.StartAsync(rig.Runs.Database.ConnectionString, functions, maxActivities: activities + 10)).UntilOwnerAsync();
    }

    // Logout and delete may be repeated by a run that died right after them: the gateway does nothing the second time.
    private static void AssertNothingTwice(IReadOnlyList<string> acts, CrashPoint point)
    {
        foreach (var act in acts.GroupBy(act => act))
        {
            var most = act.Key switch
            {
                "POST /webhook/set" => 3,
                "DELETE /instance/delete" when point.Path == "delete-instance" => 2,
                "GET /instance/connect" => int.MaxValue,
                _ => 1,
            };
            Assert.True(act.Count() <= most, $"{point}: {act.Key} {act.Count()} times: {string.Join(", ", acts)}");
        }
    }
}
