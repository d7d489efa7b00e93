using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Moq;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Runbooks;
using static WhatsOps.Tests.Runbooks.SketchRunbook;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class RunDeskTests
{
    private static readonly Runbook Destructive = new SketchRunbook(Do("boom") with { Effect = Effect.Irreversible });
    private static readonly Runbook Harmless = new SketchRunbook(Do("look"));

    [Fact]
    public async Task A_destructive_run_waits_for_an_approver_who_did_not_ask_for_it()
    {
        await using var rig = await RunbookRig.CreateAsync(Destructive);
        var run = await RequestAsync(rig, Destructive);
        Assert.Equal(RunState.WaitingApproval, run.State);
        var notice = Assert.Single(await rig.Get<IFindings>().ListAsync(new(Kind: "run_waiting_approval"), default));
        Assert.Equal($"./whatsops runbooks approve {run.Id}", notice.Evidence["next"]);
        rig.Client.Verify(Schedule(run), Times.Never);

        Assert.Equal(403, (await ProblemAsync(() => rig.Desk.ApproveAsync(rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Ana, default))).Status);
        Assert.Equal(403, (await ProblemAsync(() => rig.Desk.ApproveAsync(rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Ana with { Name = "ANA " }, default))).Status);
        var approved = await rig.Desk.ApproveAsync(rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Bia, default);

        Assert.Equal((RunState.Queued, "bia"), (approved.State, approved.ApprovedBy));
        rig.Client.Verify(Schedule(run), Times.Once);
        Assert.Empty(await rig.Get<IFindings>().ListAsync(new(Kind: "run_waiting_approval"), default));
    }

    [Fact]
    public async Task An_approval_of_another_plan_is_refused()
    {
        await using var rig = await RunbookRig.CreateAsync(Destructive);
        var run = await RequestAsync(rig, Destructive);
        Assert.Equal("$.planHash", (await ProblemAsync(() => rig.Desk.ApproveAsync(rig.Client.Object, run.Id, new string('0', 64), RunbookRig.Bia, default))).Field);
        await rig.Desk.ApproveAsync(rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Bia, default);
        Assert.Equal(409, (await ProblemAsync(() => rig.Desk.ApproveAsync(rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Bia, default))).Status);
    }

    [Fact]
    public async Task A_harmless_run_starts_at_once_and_a_second_one_for_the_same_instance_is_refused()
    {
        await using var rig = await RunbookRig.CreateAsync(Harmless);
        var run = await RequestAsync(rig, Harmless);
        Assert.Equal(RunState.Queued, run.State);
        rig.Client.Verify(Schedule(run), Times.Once);
        Assert.Contains(run.Id.ToString(), (await ProblemAsync(() => RequestAsync(rig, Harmless))).Message, StringComparison.Ordinal);
        await RequestAsync(rig, Harmless, RunbookRig.Target with { Instance = "revalya-other" });
    }

    [Fact]
    public async Task A_run_cancelled_before_it_began_is_over_at_once_and_never_starts()
    {
        await using var rig = await RunbookRig.CreateAsync(Destructive);
        var run = await RequestAsync(rig, Destructive);
        var cancelled = await rig.Desk.CancelAsync(rig.Client.Object, run.Id, RunbookRig.Ana, default);
        Assert.Equal((RunState.Cancelled, true), (cancelled.State, cancelled.IsFinal));
        await ProblemAsync(() => rig.Desk.ApproveAsync(rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Bia, default));
        await ProblemAsync(() => rig.Desk.CancelAsync(rig.Client.Object, run.Id, RunbookRig.Ana, default));
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.findings WHERE state <> 'closed'"));
    }

    [Fact]
    public async Task A_run_whose_opener_died_before_telling_is_told_by_the_reconciler_once()
    {
        await using var rig = await RunbookRig.CreateAsync(Destructive);
        var run = await RequestAsync(rig, Destructive);
        await rig.ExecuteAsync("DELETE FROM whatsops.findings");
        for (var i = 0; i < 2; i++) await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        var notice = Assert.Single(await rig.Get<IFindings>().ListAsync(new(Kind: "run_waiting_approval"), default));
        Assert.Equal(run.Id.ToString(), notice.Evidence["run"]);
        // Closed by a person, it stays closed.
        await rig.Get<IFindings>().CloseAsync(notice.Id, "ana", "seen", default);
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        Assert.Empty(await rig.Get<IFindings>().ListAsync(new(Kind: "run_waiting_approval"), default));
    }

    [Fact]
    public async Task A_notice_that_comes_after_what_it_tells_of_is_closed_by_the_reconciler()
    {
        await using var rig = await RunbookRig.CreateAsync(Destructive);
        var (notices, reconciler) = (rig.Get<RunNotices>(), rig.Get<RunReconciler>());
        var waits = await RequestAsync(rig, Destructive);
        var run = await RequestAsync(rig, Destructive, RunbookRig.Target with { Instance = "revalya-other" });
        await rig.Desk.ApproveAsync(rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Bia, default);

        // Whoever opened the run was held up by the findings' lock, and comes after the approver.
        await notices.WaitingApprovalAsync(run, default);
        await reconciler.ReconcileAsync(rig.Client.Object, default);
        Assert.Equal(waits.Id.ToString(), Assert.Single(await rig.Get<IFindings>().ListAsync(new(), default)).Evidence["run"]);

        // The reconciler itself saw the run before its end.
        await rig.ExecuteAsync($"UPDATE whatsops.runs SET state = 'completed', ended_at = now() WHERE id = '{run.Id}'");
        await notices.EnsureWaitingPersonAsync(run, default);
        await notices.StuckAsync(run, default);
        await reconciler.ReconcileAsync(rig.Client.Object, default);
        Assert.Equal(waits.Id.ToString(), Assert.Single(await rig.Get<IFindings>().ListAsync(new(), default)).Evidence["run"]);
    }

    [Fact]
    public async Task Silence_about_an_approval_means_no()
    {
        await using var rig = await RunbookRig.CreateAsync(Destructive);
        var run = await RequestAsync(rig, Destructive);
        await rig.ExecuteAsync("UPDATE whatsops.runs SET approval_due = now() - interval '1 second'");
        // Too late even before the reconciler has looked.
        await ProblemAsync(() => rig.Desk.ApproveAsync(rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Bia, default));

        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);

        Assert.Equal(RunState.Expired, (await rig.Runs.FindAsync(run.Id, default))!.State);
        Assert.Empty(await rig.Get<IFindings>().ListAsync(new(Kind: "run_waiting_approval"), default));
    }

    [Fact]
    public async Task A_lost_start_is_repeated_by_the_reconciler()
    {
        await using var rig = await RunbookRig.CreateAsync(Harmless);
        rig.Client.Setup(client => client.ScheduleNewOrchestrationInstanceAsync(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new TimeoutException());
        var run = await RequestAsync(rig, Harmless);
        Assert.Equal(RunState.Queued, run.State);

        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);

        rig.Client.Verify(Schedule(run), Times.Exactly(2));
    }

    [Fact]
    public async Task A_lost_wake_is_repeated_until_the_run_has_moved()
    {
        await using var rig = await RunbookRig.CreateAsync(Destructive);
        var run = await rig.OpenAsync(Destructive);
        rig.Client.Setup(Wake(run)).ThrowsAsync(new TimeoutException());
        await rig.Desk.CancelAsync(rig.Client.Object, run.Id, RunbookRig.Ana, default);
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        rig.Client.Verify(Wake(run), Times.Exactly(2));

        await rig.ExecuteAsync("UPDATE whatsops.runs SET progressed_at = now()");
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        rig.Client.Verify(Wake(run), Times.Exactly(2));
    }

    [Fact]
    public async Task A_run_that_stands_still_is_reported_until_it_ends()
    {
        await using var rig = await RunbookRig.CreateAsync(Harmless);
        var run = await RequestAsync(rig, Harmless);
        await rig.ExecuteAsync("UPDATE whatsops.runs SET progressed_at = now() - interval '11 minutes'");
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        Assert.Single(await rig.Get<IFindings>().ListAsync(new(Kind: "run_stuck"), default));

        Assert.Equal(RunState.Completed, await rig.DriveAsync(run, Harmless));
        Assert.Empty(await rig.Get<IFindings>().ListAsync(new(Kind: "run_stuck"), default));
    }

    [Fact]
    public async Task Two_processes_share_one_lock_per_instance()
    {
        await using var rig = await RunbookRig.CreateAsync(Harmless);
        var run = await RequestAsync(rig, Harmless);
        await rig.ExecuteAsync($"INSERT INTO whatsops.run_locks (system, instance, run_id, taken_at) VALUES ('revalya', 'revalya-acme', '{Guid.CreateVersion7()}', now())");
        var driving = rig.DriveAsync(run, Harmless, rig.Process());
        await Until.TrueAsync(async () => (await rig.Runs.FindAsync(run.Id, default))!.State == RunState.Waiting);

        // The owner of that lock is no open run: the reaper frees it.
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);

        Assert.Equal(RunState.Completed, await driving);
    }

    [Fact]
    public async Task What_a_compensation_needed_is_deleted_when_nobody_will_ask_for_it_any_more()
    {
        await using var rig = await RunbookRig.CreateAsync(Harmless);
        var run = await RequestAsync(rig, Harmless);
        await new RunArtifacts(rig.Database.DataSource, rig.Get<ISecretProtector>(), TimeProvider.System, run.Id, run.Target).KeepAsync("rows", "[1]", default);
        await rig.DriveAsync(run, Harmless);
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        Assert.Equal(1L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_artifacts"));
        await rig.ExecuteAsync("UPDATE whatsops.runs SET ended_at = now() - interval '31 days'");
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_artifacts"));
    }

    [Fact]
    public async Task A_run_that_lost_its_lock_does_nothing_more()
    {
        await using var rig = await RunbookRig.CreateAsync(Harmless);
        var run = await RequestAsync(rig, Harmless);
        var executor = rig.Get<StepExecutor>();
        await executor.ExecuteAsync(new(run.Id, StepCall.Begin, Phase.Act), default);
        await rig.ExecuteAsync("UPDATE whatsops.run_locks SET fence = fence + 1");
        await Assert.ThrowsAsync<InvalidOperationException>(() => executor.ExecuteAsync(new(run.Id, "look", Phase.Act), default));
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_steps WHERE step = 'look'"));
    }

    private static Task<Run> RequestAsync(RunbookRig rig, Runbook runbook, RunTarget? target = null) =>
        rig.Desk.RequestAsync(rig.Client.Object, runbook, target ?? RunbookRig.Target, "because", RunbookRig.Ana, default);

    private static Task<ProblemException> ProblemAsync(Func<Task> act) => Assert.ThrowsAsync<ProblemException>(act);

    private static System.Linq.Expressions.Expression<Func<DurableTaskClient, Task<string>>> Schedule(Run run) => client =>
        client.ScheduleNewOrchestrationInstanceAsync("Sketch", run.Id, new StartOrchestrationOptions(run.Orchestration, null), It.IsAny<CancellationToken>());

    private static System.Linq.Expressions.Expression<Func<DurableTaskClient, Task>> Wake(Run run) => client =>
        client.RaiseEventAsync(run.Orchestration, RunbookMotor.Wake, "", It.IsAny<CancellationToken>());
}
