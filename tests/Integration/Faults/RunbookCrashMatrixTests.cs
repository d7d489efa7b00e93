using WhatsOps.Backups;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Runbooks;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// Every runbook dies at every moment of every step, compensations included, on the embedded engine, a real database and a simulated gateway. It
/// always ends as it would have without dying, and nothing happens twice that may not. By default all but the reset die only where the worst is half
/// done (acted, and no row knows); WHATSOPS_FAULTS=full dies at all three moments of everything.
/// </summary>
public sealed class RunbookCrashMatrixTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full";

    // A migration needs two gateways: MigrateCrashMatrixTests; a restore needs sets: RestoreCrashMatrixTests.
    public static TheoryData<string> Names() => [.. AllRunbooks.Current.Where(runbook => runbook is not (MigrateInstance or RestoreDatabase or RestorePart)).Select(runbook => runbook.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Dying_anywhere_changes_neither_the_end_nor_what_was_done(string name)
    {
        var scenarios = CrashScenarios.All.Where(scenario => scenario.Runbook.Name == name).ToList();
        var points = new HashSet<CrashPoint>();
        await using var rig = await ResetRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50), gateways: AllRunbooks.Get(name).Scope == RunbookScope.Gateway ? 100 : 1);
        // One rig for all: each scenario has its own letter, and so its own tenants.
        for (var i = 0; i < scenarios.Count; i++) await DieEverywhereAsync(rig, scenarios[i], (char)('a' + i), points);

        // Rounds of a ForEach are one step of the declaration.
        var walked = points.Select(point => (point.Path, point.Phase)).Distinct().ToList();
        var missed = CrashPoint.Of(AllRunbooks.Get(name)).Where(point => !walked.Any(step => step.Phase == point.Phase && StepTree.Matches(point.Path, step.Path))).Select(point => point.Name);
        Assert.True(!missed.Any(), $"No scenario of {name} in CrashScenarios walks: {string.Join(", ", missed)}");
        output.WriteLine($"{points.Count} crash points of {name}, 0 violations");
    }

    /// <param name="points">The moments that earlier scenarios of the runbook died at; this one dies at the others that it walks.</param>
    private static async Task DieEverywhereAsync(ResetRig rig, CrashScenario scenario, char letter, HashSet<CrashPoint> points)
    {
        rig.Gateway.ClearFaults();
        if (scenario.Fault is { } fault) rig.Gateway.SetFault(fault);
        if (scenario.PrepareAsync is { } prepare) await prepare(rig);
        await scenario.SeedAsync(rig, $"{letter}0");
        var undisturbed = await rig.EndAsync(await scenario.OpenAsync(rig, $"{letter}0", 0), scenario.Runbook);
        Assert.True(undisturbed.State == scenario.Ends, $"{scenario}: {undisturbed.State} at {undisturbed.FailedStep}: {undisturbed.Failure}");

        FaultPoint[] moments = Full || scenario.Runbook is ResetIntegration ? Enum.GetValues<FaultPoint>() : [FaultPoint.Acted];
        var steps = (await rig.Runs.Runs.StepsAsync(undisturbed.Id, default)).Select(step => (step.Step, step.Phase)).Append((StepCall.End, Phase.Act));
        var fresh = steps.SelectMany(step => moments.Select(point => new CrashPoint(step.Item1, step.Item2, point))).Where(points.Add).ToList();
        var rows = new Dictionary<string, string?>();
        var ended = await DeadRuns.ResumeAsync(rig.Runs, scenario.Runbook, fresh, async index =>
        {
            var slug = $"{letter}{index + 1}";
            await scenario.SeedAsync(rig, slug);
            rows[slug] = await rig.RowsAsync(slug);
            return await scenario.OpenAsync(rig, slug, index + 1);
        });
        for (var i = 0; i < ended.Count; i++)
        {
            var (slug, point, run) = ($"{letter}{i + 1}", fresh[i], ended[i]);
            Assert.True(run.State == scenario.Ends, $"{scenario}, {point}: {run.State} at {run.FailedStep}: {run.Failure}");
            await scenario.CheckAsync(rig, slug);
            if (scenario.KeepsRows) Assert.Equal(rows[slug], await rig.RowsAsync(slug));
            foreach (var (instance, calm) in scenario.Touches(slug).Zip(scenario.Touches($"{letter}0"))) AssertNothingTwice(rig.ActsOn(instance), rig.ActsOn(calm), $"{scenario}, {point}");
        }
    }

    // What is idempotent may be repeated once by a run that died right after it; a look at a QR code starts what is closed, however often.
    private static void AssertNothingTwice(IReadOnlyList<string> acts, IReadOnlyList<string> calm, string where)
    {
        foreach (var act in acts.GroupBy(act => act))
        {
            var undisturbed = calm.Count(other => other == act.Key);
            var most = act.Key switch
            {
                "GET /instance/connect" => int.MaxValue,
                "POST /webhook/set" or "DELETE /instance/delete" or "DELETE /instance/logout" or "POST /instance/restart" => undisturbed + 1,
                _ => undisturbed,
            };
            Assert.True(act.Count() <= most, $"{where}: {act.Key} {act.Count()} times instead of {undisturbed}: {string.Join(", ", acts)}");
        }
    }
}
