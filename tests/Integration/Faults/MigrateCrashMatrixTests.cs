using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Durable;
using WhatsOps.Tests.Integration.Runbooks;
using Until = WhatsOps.Tests.Integration.Runbooks.Until;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// A migration between two gateways dies at every moment of every step, compensations included. It always ends moved or fully taken back, never with both
/// gateways delivering, and never without a working instance.
/// </summary>
public sealed class MigrateCrashMatrixTests(ITestOutputHelper output)
{
    private static readonly Runbook Migrate = MigrateRig.Runbook;

    // The branch with a person's key has its own tests.
    private static readonly IReadOnlyList<CrashPoint> Points = [.. CrashPoint.Of(Migrate).Where(point => !point.Path.StartsWith("api-key.", StringComparison.Ordinal))];

    [Theory, InlineData(FaultPoint.Before), InlineData(FaultPoint.Acted), InlineData(FaultPoint.Recorded)]
    public async Task Dying_anywhere_on_the_way_forward_ends_moved(FaultPoint moment)
    {
        var forward = Points.Where(point => point.Phase != Phase.Compensate && point.Point == moment).ToList();
        Assert.Equal(Migrate.Steps.Count + 2, forward.Count);
        await using var rig = await MigrateRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        foreach (var (slug, point, run, _, _) in await DieAndResumeAsync(rig, forward))
        {
            Assert.True(run.State == RunState.Completed, $"{point}: {run.State} at {run.FailedStep}: {run.Failure}");
            await rig.AssertMovedAsync(slug);
        }

        output.WriteLine($"{forward.Count} crash points forward, 0 violations");
    }

    [Capability("R-088")]
    [Fact]
    public async Task Dying_anywhere_on_the_way_back_ends_fully_taken_back()
    {
        var back = Points.Where(point => point.Phase == Phase.Compensate).ToList();
        Assert.Equal(12, back.Count);
        await using var rig = await MigrateRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        // The product forgets the name with every update, so the proof before the point of no return fails.
        await rig.ExecuteOnProductAsync(
            """
            CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.config := NEW.config - 'instance_name'; RETURN NEW; END $$;
            CREATE TRIGGER forget BEFORE UPDATE ON tenant_integrations FOR EACH ROW EXECUTE FUNCTION forget();
            """);
        foreach (var (slug, point, run, rows, before) in await DieAndResumeAsync(rig, back))
        {
            Assert.True(run is { State: RunState.Compensated, FailedStep: "prove" }, $"{point}: {run.State} at {run.FailedStep}: {run.Failure}");
            await rig.AssertTakenBackAsync(slug, rows, before);
            Assert.Single(MigrateRig.Acts(rig.New, slug), act => act.StartsWith("POST /instance/create", StringComparison.Ordinal));
        }

        output.WriteLine($"{back.Count} crash points back, 0 violations");
    }

    private static async Task<List<(string Slug, CrashPoint Point, Run Run, string? Rows, InstanceView Before)>> DieAndResumeAsync(MigrateRig rig, IReadOnlyList<CrashPoint> points)
    {
        var faults = new DeadAtTheirPoint();
        // Every run that stands at its point keeps a connection, as the dying process would.
        await using var database = NpgsqlDataSource.Create(rig.Runs.Database.ConnectionString + ";Maximum Pool Size=60");
        var doomed = rig.Runs.Process(services => services.AddSingleton<IFaultPoints>(faults).AddSingleton(database)
            .AddSingleton(new RunbookPatience { TimeScale = rig.Runs.TimeScale, StepsAtOnce = 50 }));
        var engine = await StartAsync(rig, doomed, points.Count);
        var runs = new List<(string Slug, CrashPoint Point, Guid Id, string? Rows, InstanceView Before)>();
        foreach (var point in points)
        {
            var slug = $"t{runs.Count}";
            await rig.SeedAsync(slug);
            var (rows, before) = (await rig.RowsAsync(slug), rig.OnOld(slug)!);
            // Opened with a client that starts nothing: the run must know its crash point before it moves.
            var run = await rig.OpenAsync(slug);
            faults.Set(run.Id, point);
            runs.Add((slug, point, run.Id, rows, before));
            await doomed.GetRequiredService<RunMotors>().StartAsync(engine.Client, run, default);
        }

        await Until.TrueAsync(() => Task.FromResult(!faults.Missing.Any()), 90, () => $"these to reach their crash point: {string.Join(", ", faults.Missing)}");
        // Whatever the moment: one gateway delivers at most, and one instance is open.
        foreach (var (slug, point, _, _, _) in runs)
        {
            Assert.False(rig.OnOld(slug) is { WebhookEnabled: true } && rig.OnNew(slug) is { WebhookEnabled: true }, $"{point}: both deliver");
            Assert.True(rig.OnOld(slug)?.State == "open" || rig.OnNew(slug)?.State == "open", $"{point}: nothing is open");
        }

        var death = engine.Engine.AbortAsync();
        faults.Die();
        await death;
        await engine.DisposeAsync();

        await using var next = await StartAsync(rig, rig.Runs.Process(), points.Count);
        await rig.Runs.Get<RunReconciler>().ReconcileAsync(next.Client, default);
        await Until.TrueAsync(async () => (await rig.Runs.Runs.ListAsync(new(OpenOnly: true), default)).Count == 0, 90, () => "all runs to end");
        var ended = new List<(string, CrashPoint, Run, string?, InstanceView)>();
        foreach (var (slug, point, id, rows, before) in runs) ended.Add((slug, point, (await rig.Runs.Runs.FindAsync(id, default))!, rows, before));
        Assert.Equal(0L, await rig.Runs.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
        return ended;
    }

    private static async Task<TestEngine> StartAsync(MigrateRig rig, ServiceProvider process, int activities)
    {
        var executor = process.GetRequiredService<StepExecutor>();
        var functions = new TestFunctions()
            .Orchestrator(Migrate.Orchestrator, async context => await ((MigrateInstance)Migrate).Run(context))
            .Activity(RunbookMotor.Activity, async (input, cancellation) => await executor.ExecuteAsync(input.Deserialize<StepCall>(JsonSerializerOptions.Web)!, cancellation));
        return await (await TestEngine.StartAsync(rig.Runs.Database.ConnectionString, functions, maxActivities: activities + 10)).UntilOwnerAsync();
    }
}
