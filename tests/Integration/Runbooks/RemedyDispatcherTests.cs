using Microsoft.Extensions.DependencyInjection;
using Moq;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Routines;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Runbooks;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class RemedyDispatcherTests : IAsyncLifetime
{
    private static readonly Runbook Sketch = new SketchRunbook(SketchRunbook.Do("mild"));
    private static readonly Runbook Destructive = new SketchRunbook(SketchRunbook.Do("boom") with { Effect = Effect.Irreversible }) { Named = "destructive" };
    private static readonly Runbook Whole = new SketchRunbook(SketchRunbook.Do("wait")) { Named = "whole", About = RunbookScope.Gateway };
    private static readonly Runbook Restore = new SketchRunbook(SketchRunbook.Do("restore")) { Named = "restore", About = RunbookScope.System };
    private readonly SketchRunbook _looks = new(SketchRunbook.Do("look")) { Named = "looks", Looks = true };
    private RunbookRig _rig = null!;
    private ServiceProvider _one = null!;
    private ServiceProvider _two = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await RunbookRig.CreateAsync(Sketch, Destructive, Whole, Restore, _looks);
        (_one, _two) = (Process(), Process());
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Observe_touches_nothing_even_where_a_remedy_is_known()
    {
        await RaiseAsync("acme");
        Assert.Empty(await DispatchAsync(_one));
    }

    [Fact]
    public async Task Approve_plans_a_run_that_waits_and_never_a_second_one()
    {
        Allow(Policy.Approve);
        await RaiseAsync("acme");
        var run = Assert.Single(await DispatchAsync(_one));
        Assert.Equal((RunState.WaitingApproval, "policy", "revalya-acme"), (run.State, run.RequestedBy, run.Target.Instance));
        Assert.Empty(await DispatchAsync(_two));

        // Approval by any approver: nobody among them asked for it.
        await _rig.Desk.ApproveAsync(_rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Ana, default);
        await _rig.DriveAsync(run, Sketch);
        // The finding is still open, and the remedy has just been tried: the cooldown holds.
        Assert.Empty(await DispatchAsync(_one));
        await _rig.ExecuteAsync("UPDATE whatsops.runs SET ended_at = ended_at - interval '7 hours', created_at = created_at - interval '7 hours'");
        Assert.Single(await DispatchAsync(_one));
    }

    [Fact]
    public async Task While_a_run_about_the_whole_system_is_at_work_nothing_else_is_begun()
    {
        Allow(Policy.Auto);
        await RaiseAsync("acme");
        await _rig.OpenAsync(Restore, new("revalya", RunTarget.NoTenant, RunTarget.WholeSystem, RunTarget.WholeSystem, null));
        await _rig.ExecuteAsync("UPDATE whatsops.runs SET current_step = 'restore'");
        Assert.Empty(await DispatchAsync(_one));

        await _rig.ExecuteAsync("UPDATE whatsops.runs SET state = 'completed', ended_at = now()");
        Assert.Single(await DispatchAsync(_one));
    }

    [Fact]
    public async Task Another_kind_of_finding_does_not_reset_again_what_was_just_reset()
    {
        Allow(Policy.Auto);
        await RaiseAsync("acme", remedy: "destructive");
        var run = Assert.Single(await DispatchAsync(_one));
        await _rig.Desk.ApproveAsync(_rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Ana, default);
        await _rig.DriveAsync(run, Destructive);
        // What a reset that nobody scanned looks like an hour later: not even a mild remedy for six hours.
        await RaiseAsync("acme", "instance_qr_churn");
        await _rig.ExecuteAsync("UPDATE whatsops.runs SET ended_at = ended_at - interval '5 hours 59 minutes', created_at = created_at - interval '6 hours'");
        Assert.Empty(await DispatchAsync(_one));
        await _rig.ExecuteAsync("UPDATE whatsops.runs SET ended_at = ended_at - interval '2 minutes'");
        Assert.Single(await DispatchAsync(_one));
    }

    [Fact]
    public async Task What_destroys_something_waits_for_a_person_even_under_auto_and_costs_no_budget()
    {
        Allow(Policy.Auto);
        await RaiseAsync("acme", remedy: "destructive");
        var run = Assert.Single(await DispatchAsync(_one));
        Assert.Equal((RunState.WaitingApproval, null), (run.State, run.ApprovedBy));
        Assert.Equal(0L, await _rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_budgets"));
    }

    [Fact, Capability("R-064")]
    public async Task Auto_repeats_a_mild_remedy_more_and_more_slowly()
    {
        Allow(Policy.Auto);
        await RaiseAsync("acme");
        foreach (var minutes in (int[])[5, 10, 20])
        {
            await _rig.DriveAsync(Assert.Single(await DispatchAsync(_one)), Sketch);
            Assert.Empty(await DispatchAsync(_two));
            await AgeAsync(minutes - 1);
            Assert.Empty(await DispatchAsync(_one));
            await AgeAsync(1.1);
        }

        Assert.Single(await DispatchAsync(_one));
    }

    [Theory, Capability("R-064")]
    [InlineData("gateway_degraded")]
    [InlineData("gateway_unreachable")]
    [InlineData("gateway_unauthorized")]
    public async Task An_incident_of_the_gateway_holds_back_the_remedies_of_its_tenants_and_not_its_own(string incident)
    {
        Allow(Policy.Auto);
        await RaiseAsync("acme");
        var finding = await RaiseAsync(null, incident, "whole");
        var run = Assert.Single(await DispatchAsync(_one));
        Assert.Equal(("whole", "@evo-1", "*"), (run.Plan.Runbook, run.Target.Instance, run.Target.Tenant));
        Assert.Empty(await DispatchAsync(_two));

        await _rig.Get<IFindings>().CloseAsync(finding.Id, "ana", "it recovered", default);
        Assert.Equal("revalya-acme", Assert.Single(await DispatchAsync(_one)).Target.Instance);
    }

    [Fact]
    public async Task A_finding_that_nobody_sees_any_more_or_saw_elsewhere_is_no_reason_to_act()
    {
        Allow(Policy.Auto);
        var finding = await RaiseAsync("acme");
        await _rig.ExecuteAsync($"UPDATE whatsops.findings SET last_seen_at = now() - interval '16 minutes' WHERE id = {finding.Id}");
        await RaiseAsync("beta");
        await _rig.ExecuteAsync("UPDATE whatsops.findings SET gateway = 'evo-0' WHERE tenant = 'beta'");
        Assert.Empty(await DispatchAsync(_one));
    }

    [Fact]
    public async Task What_an_audit_saw_is_acted_on_until_its_next_run_by_what_looks_itself_only()
    {
        Allow(Policy.Auto);
        await RaiseAsync("acme", "webhook_drift", "looks", check: "audit/daily/gateway");
        await RaiseAsync("beta", "webhook_drift", "sketch", check: "audit/daily/gateway");
        await RaiseAsync("gamma", "webhook_drift", "looks");
        await SeenBeforeAsync("16 minutes");
        var run = Assert.Single(await DispatchAsync(_one));
        Assert.Equal(("looks", "acme"), (run.Plan.Runbook, run.Target.Tenant));

        await RaiseAsync("delta", "webhook_drift", "looks", check: "audit/daily/gateway");
        await SeenBeforeAsync("25 hours");
        Assert.Empty(await DispatchAsync(_one));
    }

    [Fact]
    public async Task An_old_finding_whose_runbook_sees_no_need_is_left_for_a_quarter_of_an_hour()
    {
        Allow(Policy.Auto);
        var asked = 0;
        _looks.Refusal = () => { asked++; return new ProblemException(409, "There is nothing to repair."); };
        await RaiseAsync("acme", "webhook_drift", "looks", check: "audit/daily/gateway");
        await SeenBeforeAsync("16 minutes");
        for (var i = 0; i < 3; i++) Assert.Empty(await DispatchAsync(_one));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_run_that_waits_for_approval_is_over_when_its_finding_is()
    {
        Allow(Policy.Approve);
        var finding = await RaiseAsync("acme");
        var run = Assert.Single(await DispatchAsync(_one));
        await _rig.Get<IFindings>().CloseAsync(finding.Id, "ana", "it recovered", default);

        await Assert.ThrowsAsync<ProblemException>(() => _rig.Desk.ApproveAsync(_rig.Client.Object, run.Id, run.PlanHash, RunbookRig.Ana, default));
        await _rig.Get<RunReconciler>().ReconcileAsync(_rig.Client.Object, default);

        Assert.Equal(RunState.Expired, (await _rig.Runs.FindAsync(run.Id, default))!.State);
        Assert.Empty(await _rig.Get<IFindings>().ListAsync(new(Kind: "run_waiting_approval"), default));
    }

    [Fact]
    public async Task Auto_starts_by_itself_and_two_processes_at_once_stay_within_the_budget()
    {
        Allow(Policy.Auto, perHour: 5);
        for (var i = 0; i < 12; i++) await RaiseAsync($"t{i}");

        var made = (await Task.WhenAll(DispatchAsync(_one), DispatchAsync(_two), DispatchAsync(_one), DispatchAsync(_two))).SelectMany(runs => runs).ToList();

        Assert.Equal(5, made.Count);
        Assert.Equal(5, made.Select(run => run.Target.Instance).Distinct().Count());
        Assert.All(made, run => Assert.Equal((RunState.Queued, "policy"), (run.State, run.ApprovedBy)));
        Assert.Equal(5L, await _rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_budgets"));
        await _rig.ExecuteAsync("UPDATE whatsops.run_budgets SET used_at = used_at - interval '61 minutes'");
        Assert.Equal(5, (await DispatchAsync(_one)).Count);
    }

    [Fact]
    public async Task What_was_tried_for_one_subject_does_not_hold_back_another_of_the_same_kind_and_place()
    {
        Allow(Policy.Approve);
        await RaiseAsync("acme", subject: "row 1");
        var run = Assert.Single(await DispatchAsync(_one));
        await _rig.Desk.CancelAsync(_rig.Client.Object, run.Id, RunbookRig.Ana, default);
        Assert.Empty(await DispatchAsync(_one));

        var other = await RaiseAsync("acme", subject: "row 2/b");
        Assert.Equal("row 2/b", other.Subject);
        Assert.Equal(other.Id, Assert.Single(await DispatchAsync(_one)).FindingId);
    }

    [Fact]
    public async Task Findings_that_a_person_has_taken_are_left_alone()
    {
        Allow(Policy.Auto);
        var finding = await RaiseAsync("acme");
        await _rig.Get<IFindings>().AcknowledgeAsync(finding.Id, "ana", default);
        Assert.Empty(await DispatchAsync(_one));
    }

    [Fact]
    public async Task Neither_a_maintenance_window_nor_a_pause_lets_anything_start()
    {
        Allow(Policy.Auto, window: new() { From = new(0, 0), To = TimeOnly.MaxValue });
        await RaiseAsync("acme");
        Assert.Empty(await DispatchAsync(_one));
        Allow(Policy.Auto);
        await _one.GetRequiredService<IPauses>().PauseAsync(null, "ana", null, default);
        Assert.Empty(await DispatchAsync(_one));
    }

    private ServiceProvider Process()
    {
        var directory = new Mock<ITenantDirectory>();
        directory.Setup(d => d.FindAsync(It.IsAny<FleetSystem>(), It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync((FleetSystem system, string slug, CancellationToken _) => new Tenant(system.Name, slug, true, null));
        return _rig.Process(services => services.AddSingleton<IRoutine>(new DailyRoutine()).AddSingleton(directory.Object).AddSingleton(Mock.Of<IGateways>()));
    }

    private async Task<IReadOnlyList<Run>> DispatchAsync(ServiceProvider process) =>
        await process.GetRequiredService<RemedyDispatcher>().DispatchAsync(_rig.Client.Object, default);

    private void Allow(Policy policy, int perHour = 6, MaintenanceWindow? window = null) => _rig.Fleet.Document = RunbookRig.Document(new FleetSystem
    {
        Name = "revalya", Kind = "evolution", InstancePrefix = "revalya-", ActionsPerHour = perHour,
        Gateways = [new() { Name = "evo-1", Url = "http://127.0.0.1:1", ApiKey = "k" }],
        Policies = new Dictionary<string, Policy> { ["*"] = policy },
        MaintenanceWindows = window is null ? [] : [window],
    });

    private Task SeenBeforeAsync(string age) => _rig.ExecuteAsync($"UPDATE whatsops.findings SET last_seen_at = now() - interval '{age}'");

    // As if everything had happened so much earlier.
    private Task AgeAsync(double minutes) => _rig.ExecuteAsync(string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"UPDATE whatsops.runs SET ended_at = ended_at - interval '1 minute' * {minutes}, created_at = created_at - interval '1 minute' * {minutes}"));

    private Task<Finding> RaiseAsync(string? tenant, string kind = "instance_missing", string remedy = "sketch", string? subject = null, string check = "sweep") => _rig.Get<IFindings>().RaiseAsync(
        new(kind, check, "revalya", "evo-1", tenant, tenant is null ? null : $"revalya-{tenant}", Severity.High, "It is gone.", new Dictionary<string, string>(), remedy) { Subject = subject },
        DateTimeOffset.UtcNow, default);

    private sealed class DailyRoutine : IRoutine
    {
        public string Name => "daily";

        public string Summary => "Looks once a day.";

        public string DefaultSchedule => "0 6 * * *";

        public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
