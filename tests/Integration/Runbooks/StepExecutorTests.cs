using Moq;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Runbooks;
using static WhatsOps.Tests.Runbooks.SketchRunbook;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class StepExecutorTests
{
    private readonly List<string> _log = [];

    [Fact]
    public async Task A_run_completes_with_its_lock_freed_and_its_evidence_written()
    {
        var runbook = new SketchRunbook(Do("a", act: Log("a")), Do("b", act: Log("b")));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);

        Assert.Equal(RunState.Completed, await rig.DriveAsync(run, runbook));

        Assert.Equal(["a", "b"], _log);
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
        var path = Assert.Single(await rig.Blobs.ListAsync("evidence/revalya/acme/", default));
        Assert.Contains("\"completed\"", rig.Blobs.Content[path], StringComparison.Ordinal);
        Assert.Equal(path, (await rig.Runs.FindAsync(run.Id, default))!.Evidence);
    }

    [Fact]
    public async Task What_is_recorded_is_not_done_again_when_the_motor_starts_over()
    {
        var runbook = new SketchRunbook(Do("a", act: Log("a")), Do("b", act: Log("b")));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        var executor = rig.Get<StepExecutor>();
        await executor.ExecuteAsync(new(run.Id, StepCall.Begin, Phase.Act), default);
        await executor.ExecuteAsync(new(run.Id, "a", Phase.Act), default);

        Assert.Equal(RunState.Completed, await rig.DriveAsync(run, runbook));
        Assert.Equal(["a", "b"], _log);
    }

    [Fact]
    public async Task A_step_that_throws_is_tried_four_times_and_then_taken_back()
    {
        var runbook = new SketchRunbook(Do("a", undo: true, back: Log("undo a")), Do("b", act: (_, _, _) => throw new InvalidOperationException("key=s3cret")));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);

        Assert.Equal(RunState.Compensated, await rig.DriveAsync(run, runbook));

        Assert.Equal(["undo a"], _log);
        Assert.Equal(4L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_attempts WHERE step = 'b'"));
        var ended = (await rig.Runs.FindAsync(run.Id, default))!;
        Assert.Equal("b", ended.FailedStep);
        // What strangers throw may hold anything.
        Assert.DoesNotContain("s3cret", ended.Failure, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", ended.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compensation_that_fails_for_good_ends_the_run_and_pages_a_person()
    {
        var runbook = new SketchRunbook(
            Do("a", undo: true, back: Log("undo a")),
            Do("b", undo: true, back: (_, _, _) => Task.FromResult(StepResult.Failed("The shop is closed."))),
            Do("c", act: (_, _, _) => Task.FromResult(StepResult.Failed("No."))));
        await using var rig = await RunbookRig.CreateAsync(runbook);

        Assert.Equal(RunState.CompensationFailed, await rig.DriveAsync(await rig.OpenAsync(runbook), runbook));

        Assert.Equal(["undo a"], _log);
        Assert.Equal(8L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_attempts WHERE step = 'b' AND phase = 'compensate'"));
        var finding = Assert.Single(await rig.Get<IFindings>().ListAsync(new(Kind: "run_compensation_failed"), default));
        Assert.Equal(Severity.Critical, finding.Severity);
        Assert.Contains("The shop is closed.", finding.Cause, StringComparison.Ordinal);
        Assert.Equal("b", finding.Evidence["notTakenBack"]);
    }

    [Fact]
    public async Task A_wait_that_does_not_come_true_in_time_fails_the_run_with_what_was_last_seen()
    {
        var runbook = new SketchRunbook(new WaitStep("gone", "Gone?", (_, _, _) => Task.FromResult(StepResult.NotYet("Still there."))) { AtMost = TimeSpan.FromSeconds(30) });
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        Assert.Equal(RunState.Compensated, await rig.DriveAsync(run, runbook));
        Assert.Contains("Still there.", (await rig.Runs.FindAsync(run.Id, default))!.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "open")]
    [InlineData(int.MaxValue, "late")]
    public async Task A_choice_waits_until_it_can_decide_and_takes_the_branch_for_being_late(int decidesAt, string expected)
    {
        var choose = new ChooseStep("open", "Open?", (_, step, _) => Task.FromResult(step.Attempt > decidesAt ? StepResult.Chose("open", "It is.") : StepResult.NotYet("Still closed.")),
            new Dictionary<string, IReadOnlyList<Step>> { ["open"] = [Do("a", act: Log("open"))], ["late"] = [Do("b", act: Log("late"))] })
        { WhenLate = "late", AtMost = TimeSpan.FromSeconds(40), Every = Pace.Seconds(5, 5) };
        var runbook = new SketchRunbook(choose);
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        Assert.Equal(RunState.Completed, await rig.DriveAsync(run, runbook));
        Assert.Equal([expected], _log);
        var recorded = (await rig.Runs.StepsAsync(run.Id, default)).Single(step => step.Step == "open");
        Assert.Equal((StepStatus.Done, expected), (recorded.Status, recorded.Values.Single()));
        if (expected == "late") Assert.Contains("Still closed.", recorded.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_choice_that_fails_is_no_lateness()
    {
        var choose = new ChooseStep("open", "Open?", (_, _, _) => Task.FromResult(StepResult.Failed("No.")), new Dictionary<string, IReadOnlyList<Step>> { ["late"] = [Do("b", act: Log("late"))] })
        { WhenLate = "late" };
        var runbook = new SketchRunbook(choose);
        await using var rig = await RunbookRig.CreateAsync(runbook);
        Assert.Equal(RunState.Compensated, await rig.DriveAsync(await rig.OpenAsync(runbook), runbook));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task An_attempt_finds_what_the_last_one_noted()
    {
        var runbook = new SketchRunbook(new WaitStep("count", "Count", (_, step, _) =>
        {
            var count = step.LastFacts.TryGetValue("count", out var last) ? last + "x" : "x";
            return Task.FromResult((count == "xxx" ? StepResult.Done("Three.") : StepResult.NotYet("Not yet.")) with { Facts = new Dictionary<string, string> { ["count"] = count } });
        }));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        Assert.Equal(RunState.Completed, await rig.DriveAsync(run, runbook));
        Assert.Equal((3, "xxx"), ((await rig.Runs.StepsAsync(run.Id, default)).Single(step => step.Step == "count") is var row ? row.Attempts : 0, row.Facts["count"]));
    }

    [Fact]
    public async Task Silence_means_no()
    {
        var runbook = new SketchRunbook(Do("a", undo: true, back: Log("undo a")), new AskStep("ask", "Ask", "Please say yes.") { AtMost = TimeSpan.FromSeconds(20) });
        await using var rig = await RunbookRig.CreateAsync(runbook);
        Assert.Equal(RunState.Compensated, await rig.DriveAsync(await rig.OpenAsync(runbook), runbook));
        Assert.Equal(["undo a"], _log);
    }

    [Fact]
    public async Task Silence_at_a_step_that_goes_on_without_ends_the_run_as_the_declaration_says()
    {
        var runbook = new SketchRunbook(
            new AskStep("ask", "Ask", "Please.") { AtMost = TimeSpan.FromSeconds(20), WhenSilent = RunState.NeedsPairing, Proof = (_, _, _) => Task.FromResult(StepResult.NotYet("Not yet.")) },
            Do("b", act: (_, step, _) => Task.FromResult(StepResult.Done(step.Unanswered ? "without" : "with"))));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        Assert.Equal(RunState.NeedsPairing, await rig.DriveAsync(run, runbook));
        Assert.Equal("without", (await rig.Runs.StepsAsync(run.Id, default)).Single(step => step.Step == "b").Detail);
    }

    [Theory]
    [InlineData(true, RunState.Completed)]
    [InlineData(false, RunState.Compensated)]
    public async Task A_person_s_answer_decides_a_step_without_proof(bool yes, RunState expected)
    {
        var runbook = new SketchRunbook(new AskStep("ask", "Ask", "Please.") { AtMost = TimeSpan.FromHours(10), Every = Pace.Seconds(5, 5) });
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        var driving = rig.DriveAsync(run, runbook);
        await Until.TrueAsync(async () => (await rig.Runs.FindAsync(run.Id, default))!.State == RunState.WaitingPerson);

        await rig.Desk.ConfirmAsync(rig.Client.Object, run.Id, "ask", yes, RunbookRig.Ana, default);

        Assert.Equal(expected, await driving);
        rig.Client.Verify(client => client.RaiseEventAsync(run.Orchestration, RunbookMotor.Wake, "", It.IsAny<CancellationToken>()));
    }

    [Fact]
    public async Task More_items_than_the_cap_touch_none()
    {
        var runbook = new SketchRunbook(new ForEachStep("each", "Each", (_, _, _) => Task.FromResult(StepResult.Items(["a", "b", "c"], "Three.")), 2, [Do("x", act: Log("x"))]));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        Assert.Equal(RunState.Compensated, await rig.DriveAsync(await rig.OpenAsync(runbook), runbook));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task Every_round_of_a_ForEach_has_its_own_item()
    {
        var runbook = new SketchRunbook(new ForEachStep("each", "Each", (_, _, _) => Task.FromResult(StepResult.Items(["a", "b"], "Two.")), 2,
            [Do("x", act: (_, step, _) => { _log.Add(step.Item!); return Task.FromResult(StepResult.Done("ok")); })]));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        Assert.Equal(RunState.Completed, await rig.DriveAsync(await rig.OpenAsync(runbook), runbook));
        Assert.Equal(["a", "b"], _log);
    }

    [Fact]
    public async Task A_paused_system_stops_before_the_next_step_and_shows_it()
    {
        var runbook = new SketchRunbook(Do("a", act: Log("a")));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        await rig.Get<IPauses>().PauseAsync("revalya", "ana", null, default);
        var driving = rig.DriveAsync(run, runbook);
        await Until.TrueAsync(async () => (await rig.Runs.FindAsync(run.Id, default))!.State == RunState.Paused);
        Assert.Empty(_log);

        await rig.Get<IPauses>().ResumeAsync("revalya", "ana", default);

        Assert.Equal(RunState.Completed, await driving);
        Assert.Equal(["a"], _log);
    }

    [Fact]
    public async Task A_run_that_has_done_nothing_can_be_cancelled_while_its_system_is_paused()
    {
        var runbook = new SketchRunbook(Do("a", act: Log("a")));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        await rig.Get<IPauses>().PauseAsync("revalya", "ana", null, default);
        var driving = rig.DriveAsync(run, runbook);
        await Until.TrueAsync(async () => (await rig.Runs.FindAsync(run.Id, default))!.State == RunState.Paused);
        await rig.Desk.CancelAsync(rig.Client.Object, run.Id, RunbookRig.Ana, default);
        Assert.Equal(RunState.Cancelled, await driving);
        Assert.Empty(_log);
    }

    [Fact]
    public async Task A_cancel_before_the_point_of_no_return_takes_everything_back()
    {
        var runbook = new SketchRunbook(
            Do("a", undo: true, act: Log("a"), back: Log("undo a")), new AskStep("ask", "Ask", "Please.") { AtMost = TimeSpan.FromHours(10) }, Irreversible("boom"));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        var driving = rig.DriveAsync(run, runbook);
        await Until.TrueAsync(async () => (await rig.Runs.FindAsync(run.Id, default))!.State == RunState.WaitingPerson);

        await rig.Desk.CancelAsync(rig.Client.Object, run.Id, RunbookRig.Ana, default);

        Assert.Equal(RunState.Cancelled, await driving);
        Assert.Equal(["a", "undo a"], _log);
    }

    [Fact]
    public async Task A_cancel_after_the_point_of_no_return_is_refused_and_the_run_finishes_forward()
    {
        var runbook = new SketchRunbook(Irreversible("boom"), new AskStep("ask", "Ask", "Please.") { AtMost = TimeSpan.FromHours(10) });
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        var driving = rig.DriveAsync(run, runbook);
        await Until.TrueAsync(async () => (await rig.Runs.FindAsync(run.Id, default))!.State == RunState.WaitingPerson);

        var refused = await Assert.ThrowsAsync<ProblemException>(() => rig.Desk.CancelAsync(rig.Client.Object, run.Id, RunbookRig.Ana, default));

        Assert.Equal(409, refused.Status);
        Assert.Contains("boom", refused.Message, StringComparison.Ordinal);
        await rig.Desk.ConfirmAsync(rig.Client.Object, run.Id, "ask", true, RunbookRig.Ana, default);
        Assert.Equal(RunState.Completed, await driving);
        Assert.Equal(["boom"], _log);
    }

    [Fact]
    public async Task The_point_of_no_return_of_a_ForEach_is_passed_in_its_first_round()
    {
        var runbook = new SketchRunbook(new ForEachStep("each", "Each", (_, _, _) => Task.FromResult(StepResult.Items(["a", "b"], "Two.")), 2,
            [Irreversible("boom"), new AskStep("ask", "Ask", "Please.") { AtMost = TimeSpan.FromHours(10) }]));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        Assert.Equal("each.*.boom", run.Plan.PointOfNoReturn);
        var driving = rig.DriveAsync(run, runbook);
        foreach (var round in (string[])["each.0.ask", "each.1.ask"])
        {
            await Until.TrueAsync(async () => await rig.Runs.FindAsync(run.Id, default) is { State: RunState.WaitingPerson, CurrentStep: var step } && step == round);
            Assert.Equal(409, (await Assert.ThrowsAsync<ProblemException>(() => rig.Desk.CancelAsync(rig.Client.Object, run.Id, RunbookRig.Ana, default))).Status);
            await rig.Desk.ConfirmAsync(rig.Client.Object, run.Id, round, true, RunbookRig.Ana, default);
        }

        Assert.Equal(RunState.Completed, await driving);
    }

    [Fact]
    public async Task Storage_that_is_down_delays_the_evidence_and_nothing_else()
    {
        var runbook = new SketchRunbook(Do("a"));
        await using var rig = await RunbookRig.CreateAsync(runbook);
        rig.Blobs.Down = true;
        Assert.Equal(RunState.Completed, await rig.DriveAsync(await rig.OpenAsync(runbook), runbook));
        rig.Blobs.Down = false;
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        Assert.Single(await rig.Blobs.ListAsync("evidence/", default));
    }

    private StepCode Log(string text) => (_, _, _) =>
    {
        _log.Add(text);
        return Task.FromResult(StepResult.Done("Fine."));
    };

    private DoStep Irreversible(string id) => Do(id, act: Log(id)) with { Effect = Effect.Irreversible, Calls = [id] };
}
