using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Runbooks;
using static WhatsOps.Tests.Runbooks.SketchRunbook;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>An approval must not act days later on a world that has changed.</summary>
public sealed class RunExpiryTests
{
    private int _acted;

    [Theory]
    [InlineData("11 hours 59 minutes", RunState.Completed)]
    [InlineData("12 hours", RunState.Expired)]
    public async Task A_run_held_up_by_a_pause_begins_only_while_its_approval_is_valid(string ago, RunState expected)
    {
        var (rig, runbook, run) = await ApprovedAsync();
        await using var _ = rig;
        await rig.Get<IPauses>().PauseAsync("revalya", "ana", null, default);
        var driving = rig.DriveAsync(run, runbook);
        await Until.TrueAsync(async () => (await FindAsync(rig, run)).State == RunState.Paused);
        Assert.Contains($"Its approval ends at {run.ApprovedAt + TimeSpan.FromHours(12):yyyy-MM-dd HH:mm} UTC.", (await FindAsync(rig, run)).Detail, StringComparison.Ordinal);

        await ApprovedAgoAsync(rig, ago);
        // Expired without waiting for anybody to resume.
        if (expected == RunState.Expired) await driving;
        await rig.Get<IPauses>().ResumeAsync("revalya", "ana", default);

        Assert.Equal(expected, await driving);
        Assert.Equal(expected == RunState.Completed ? 1 : 0, _acted);
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
        Assert.Equal(expected == RunState.Expired, (await NoticesAsync(rig)).Count == 1);
    }

    [Fact]
    public async Task An_expired_approval_is_told_until_a_later_run_of_the_instance_begins()
    {
        var (rig, runbook, run) = await ApprovedAsync();
        await using var _ = rig;
        await rig.ExecuteAsync("UPDATE whatsops.runs SET state = 'paused'");
        await ApprovedAgoAsync(rig, "11 hours 59 minutes");
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        Assert.False((await FindAsync(rig, run)).IsFinal);

        await ApprovedAgoAsync(rig, "12 hours");
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);

        Assert.Equal(RunState.Expired, (await FindAsync(rig, run)).State);
        var notice = Assert.Single(await NoticesAsync(rig));
        Assert.Contains("Approved by bia", notice.Cause, StringComparison.Ordinal);
        Assert.Contains("not begun within 12 hours: it was paused.", notice.Cause, StringComparison.Ordinal);
        Assert.Equal((run.Id.ToString(), Severity.Medium), (notice.Evidence["run"], notice.Severity));
        Assert.Equal(1L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.audit_trail WHERE action = 'run.expire' AND by = 'policy'"));

        Assert.Equal(RunState.Completed, await rig.DriveAsync(await rig.OpenAsync(runbook), runbook));
        Assert.Empty(await NoticesAsync(rig));
    }

    [Fact]
    public async Task Holding_the_lock_is_no_beginning_and_an_expired_run_gives_it_back()
    {
        var (rig, runbook, run) = await ApprovedAsync();
        await using var _ = rig;
        var executor = rig.Get<StepExecutor>();
        await executor.ExecuteAsync(new(run.Id, StepCall.Begin, Phase.Act), default);
        await ApprovedAgoAsync(rig, "3 days");

        Assert.Equal(StepMove.Fail, (await executor.ExecuteAsync(new(run.Id, "boom", Phase.Act), default)).Move);

        Assert.Equal(RunState.Expired, await rig.DriveAsync(run, runbook));
        Assert.Equal((0, 0L), (_acted, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks")));
    }

    [Fact]
    public async Task A_run_that_has_begun_a_step_goes_on_however_old_its_approval_is()
    {
        var runbook = new SketchRunbook(Do("look"), Do("boom", act: Act) with { Effect = Effect.Irreversible });
        await using var rig = await RunbookRig.CreateAsync(runbook);
        var run = await rig.OpenAsync(runbook);
        foreach (var step in (string[])[StepCall.Begin, "look"]) await rig.Get<StepExecutor>().ExecuteAsync(new(run.Id, step, Phase.Act), default);
        await ApprovedAgoAsync(rig, "3 days");
        await rig.Get<RunReconciler>().ReconcileAsync(rig.Client.Object, default);
        Assert.Equal((RunState.Completed, 1), (await rig.DriveAsync(run, runbook), _acted));
    }

    [Fact]
    public async Task An_approved_run_is_over_when_its_finding_closes_before_it_begins()
    {
        var (rig, runbook, run) = await ApprovedAsync();
        await using var _ = rig;
        var finding = await rig.Get<IFindings>().RaiseAsync(
            new("instance_missing", "sweep", "revalya", "evo-1", "acme", "revalya-acme", Severity.High, "It is gone.", new Dictionary<string, string>(), "sketch"), DateTimeOffset.UtcNow, default);
        await rig.ExecuteAsync($"UPDATE whatsops.runs SET requested_by = 'policy', finding_id = {finding.Id}");
        await rig.Get<IFindings>().CloseAsync(finding.Id, "ana", "it recovered", default);

        Assert.Equal((RunState.Expired, 0), (await rig.DriveAsync(run, runbook), _acted));
        // There is nothing left to do for anybody.
        Assert.Empty(await NoticesAsync(rig));
    }

    private async Task<(RunbookRig Rig, Runbook Runbook, Run Run)> ApprovedAsync()
    {
        var runbook = new SketchRunbook(Do("boom", act: Act) with { Effect = Effect.Irreversible });
        var rig = await RunbookRig.CreateAsync(runbook);
        return (rig, runbook, await rig.OpenAsync(runbook));
    }

    private Task<StepResult> Act(IServiceProvider services, StepContext step, CancellationToken cancellation)
    {
        _acted++;
        return Task.FromResult(StepResult.Done("Fine."));
    }

    private static async Task<Run> FindAsync(RunbookRig rig, Run run) => (await rig.Runs.FindAsync(run.Id, default))!;

    private static Task<IReadOnlyList<Finding>> NoticesAsync(RunbookRig rig) => rig.Get<IFindings>().ListAsync(new(Kind: "run_expired"), default);

    private static Task ApprovedAgoAsync(RunbookRig rig, string ago) => rig.ExecuteAsync($"UPDATE whatsops.runs SET approved_at = now() - interval '{ago}'");
}
