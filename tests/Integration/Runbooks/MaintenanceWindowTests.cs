using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Runbooks;
using static WhatsOps.Tests.Runbooks.SketchRunbook;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>What a policy asked for does not begin in a maintenance window; what people asked for does.</summary>
public sealed class MaintenanceWindowTests : IAsyncLifetime
{
    private static readonly MaintenanceWindow Always = new() { From = new(0, 0), To = TimeOnly.MaxValue };
    private readonly SketchRunbook _runbook;
    private RunbookRig _rig = null!;
    private int _acted;

    public MaintenanceWindowTests() => _runbook = new(Do("look", act: Act), Do("boom", act: Act) with { Effect = Effect.Irreversible });

    public async ValueTask InitializeAsync() => _rig = await RunbookRig.CreateAsync(_runbook);

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("policy", null)]
    [InlineData("bia", null)]
    [InlineData("policy", "acme")]
    public async Task A_run_of_a_policy_waits_for_the_end_of_the_window_whoever_approved_it(string approvedBy, string? tenant)
    {
        Windows(Always with { Tenants = tenant is null ? [] : [tenant] });
        var run = await PolicyRunAsync(approvedBy);
        var driving = _rig.DriveAsync(run, _runbook);
        await Until.TrueAsync(async () => (await FindAsync(run)).State == RunState.Waiting);
        var waiting = await FindAsync(run);
        Assert.StartsWith("Waits for the end of a maintenance window of revalya. Its approval ends at ", waiting.Detail, StringComparison.Ordinal);
        Assert.Equal((0, 0L), (_acted, await _rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks")));

        Windows();

        Assert.Equal((RunState.Completed, 2), (await driving, _acted));
    }

    [Fact]
    public async Task A_window_longer_than_the_approval_lets_the_run_expire()
    {
        Windows(Always);
        var run = await PolicyRunAsync("bia");
        var driving = _rig.DriveAsync(run, _runbook);
        await Until.TrueAsync(async () => (await FindAsync(run)).State == RunState.Waiting);
        await _rig.ExecuteAsync("UPDATE whatsops.runs SET approved_at = now() - interval '12 hours'");
        Assert.Equal((RunState.Expired, 0), (await driving, _acted));
        Assert.Contains("Waits for the end of a maintenance window", (await FindAsync(run)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_a_policy_that_has_begun_before_the_window_opened_finishes()
    {
        var run = await PolicyRunAsync("policy");
        var executor = _rig.Get<StepExecutor>();
        await executor.ExecuteAsync(new(run.Id, StepCall.Begin, Phase.Act), default);
        await executor.ExecuteAsync(new(run.Id, "look", Phase.Act), default);
        Windows(Always);
        Assert.Equal((RunState.Completed, 2), (await _rig.DriveAsync(run, _runbook), _acted));
    }

    [Fact]
    public async Task A_window_of_other_tenants_is_none_of_its_own()
    {
        Windows(Always with { Tenants = ["beta"] });
        Assert.Equal((RunState.Completed, 2), (await _rig.DriveAsync(await PolicyRunAsync("policy"), _runbook), _acted));
    }

    [Fact]
    public async Task A_run_that_a_person_asked_for_runs_in_a_window()
    {
        Windows(Always);
        Assert.Equal((RunState.Completed, 2), (await _rig.DriveAsync(await _rig.OpenAsync(_runbook), _runbook), _acted));
    }

    private async Task<Run> PolicyRunAsync(string approvedBy)
    {
        var run = await _rig.OpenAsync(_runbook);
        await _rig.ExecuteAsync($"UPDATE whatsops.runs SET requested_by = 'policy', approved_by = '{approvedBy}'");
        return run;
    }

    private void Windows(params IReadOnlyList<MaintenanceWindow> windows) =>
        _rig.Fleet.Document = RunbookRig.Document(_rig.Fleet.Document.Systems[0] with { MaintenanceWindows = windows });

    private async Task<Run> FindAsync(Run run) => (await _rig.Runs.FindAsync(run.Id, default))!;

    private Task<StepResult> Act(IServiceProvider services, StepContext step, CancellationToken cancellation)
    {
        _acted++;
        return Task.FromResult(StepResult.Done("Fine."));
    }
}
