using WhatsOps.Database;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Integration.Faults;
using WhatsOps.Tests.Runbooks;

namespace WhatsOps.Tests.Integration.Runbooks.Histories;

/// <summary>
/// Runs that an earlier release began are finished by this one. WHATSOPS_RECORD_HISTORIES=release records new ones, of every scenario of every
/// runbook, beside those that are there.
/// </summary>
public sealed class RecordedHistoryTests
{
    private static readonly ResetIntegration Reset = new();
    private static readonly string? Release = Environment.GetEnvironmentVariable("WHATSOPS_RECORD_HISTORIES") is { Length: > 0 } name ? name : null;

    // One runbook proves that recording works; all of them are recorded when somebody asks.
    public static TheoryData<string> Scenarios => [.. CrashScenarios.All.Where(scenario => Release is not null || scenario.Runbook is ResetIntegration).Select(scenario => scenario.ToString())];

    [Fact]
    public async Task Every_recorded_run_takes_its_way_through_the_code_of_today() =>
        Assert.Empty(await HistoryReplay.DifferencesAsync(RecordedHistory.All, RunbookOf));

    [Fact]
    public void Every_step_and_every_compensation_of_every_runbook_is_on_record()
    {
        foreach (var runbook in AllRunbooks.Current)
        {
            var walked = RecordedHistory.All.Where(history => (history.Runbook, history.Version) == (runbook.Name, runbook.Version))
                .SelectMany(history => history.Calls).Select(call => (call.Step, call.Phase)).Distinct().ToList();
            var missed = CrashPoint.Of(runbook).Where(point => !walked.Any(step => step.Phase == point.Phase && StepTree.Matches(point.Path, step.Step)))
                .Select(point => $"{point.Path}/{point.Phase}").Distinct();
            Assert.True(!missed.Any(), $"No recorded run of {runbook.Name} v{runbook.Version} walks {string.Join(", ", missed)}. Fix: record it, docs/runbooks.md says how.");
        }
    }

    [Theory]
    [InlineData("completed", "a step less", "was verify/Act when it was recorded, and is end/Act now")]
    [InlineData("completed", "a step more", "was verify/Act when it was recorded, and is extra/Act now")]
    [InlineData("completed", "another id", "log-out/Act now")]
    [InlineData("completed", "another order", "was disable-webhook/Act when it was recorded, and is logout/Act now")]
    [InlineData("completed", "another kind", "wait-gone/Act now")]
    [InlineData("compensated", "no compensation", "was save-integration/Compensate when it was recorded, and is delete-rows/Compensate now")]
    public async Task A_declaration_that_changed_under_its_version_is_noticed(string outcome, string change, string expected)
    {
        var history = RecordedHistory.All.First(history => history.Runbook == Reset.Name && history.Outcome == outcome);
        var changed = new SketchRunbook(Changed(change));
        var difference = Assert.Single(await HistoryReplay.DifferencesAsync([history], _ => changed, (runbook, context) => RunbookMotor.RunAsync(context, runbook)));
        Assert.StartsWith(history.FileName, difference, StringComparison.Ordinal);
        Assert.Contains(expected, difference, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Scenarios))]
    public async Task A_run_of_today_replays_and_is_recorded_on_request(string name)
    {
        var scenario = CrashScenarios.All.Single(scenario => scenario.ToString() == name);
        await using var rig = await ResetRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        if (scenario.Fault is { } fault) rig.Gateway.SetFault(fault);
        if (scenario.PrepareAsync is { } prepare) await prepare(rig);
        await scenario.SeedAsync(rig, "t0");
        await using var engine = await rig.StartEngineAsync(scenario.Runbook, rig.Runs.Services);
        var run = await scenario.OpenAsync(rig, "t0", 0);
        await rig.Runs.Get<RunMotors>().StartAsync(engine.Client, run, default);
        // What a person's answer would do: an event goes on record, too.
        await rig.Runs.Get<RunMotors>().WakeAsync(engine.Client, run, default);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await engine.Client.WaitForInstanceCompletionAsync(run.Orchestration, false, limit.Token);
        var history = await RecordedHistory.ReadAsync(rig.Runs.Database.DataSource, scenario.Runbook, scenario.Name, run.Orchestration);

        Assert.Equal(SnakeName<RunState>.Of(scenario.Ends), history.Outcome);
        Assert.DoesNotContain(history.Events, happened => happened.Kind == "ActivityFailed");
        Assert.Empty(await HistoryReplay.DifferencesAsync([history], _ => scenario.Runbook));
        if (Release is not null) history.Save(Release);
    }

    private static Runbook RunbookOf(RecordedHistory history) =>
        AllRunbooks.Current.SingleOrDefault(runbook => (runbook.Name, runbook.Version) == (history.Runbook, history.Version))
        ?? throw new InvalidOperationException($"{history.Runbook} v{history.Version} is gone, and runs of it may live. When nobody upgrades any more from a release that had it, delete {history.FileName}, too.");

    private static List<Step> Changed(string change)
    {
        var steps = Reset.Steps.ToList();
        int At(string id) => steps.FindIndex(step => step.Id == id);
        switch (change)
        {
            case "a step less":
                steps.RemoveAt(At("verify"));
                break;
            case "a step more":
                steps.Insert(At("verify"), SketchRunbook.Do("extra"));
                break;
            case "another id":
                steps[At("logout")] = steps[At("logout")] with { Id = "log-out" };
                break;
            case "another order":
                (steps[At("disable-webhook")], steps[At("logout")]) = (steps[At("logout")], steps[At("disable-webhook")]);
                break;
            case "another kind":
                steps[At("wait-gone")] = SketchRunbook.Do("wait-gone");
                break;
            default:
                steps[At("save-integration")] = (DoStep)steps[At("save-integration")] with { Undo = null };
                break;
        }

        return steps;
    }
}
