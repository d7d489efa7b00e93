using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class WaitForStabilityTests
{
    private static readonly WaitForStability Wait = new();

    [Theory, Capability("R-065"), Capability("R-060")]
    [InlineData(null, 3)]
    [InlineData("5", 5)]
    public async Task So_many_good_probes_in_a_row_are_stable(string? wanted, int probes)
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.005);
        var run = await RunAsync(rig, wanted);
        Assert.Equal((RunState.Completed, probes), (run.State, await AttemptsAsync(rig, run)));
        Assert.DoesNotContain(rig.Gateway.Calls, call => call.Acted);
    }

    [Fact, Capability("R-065")]
    public async Task One_bad_probe_begins_the_row_anew()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.005);
        // The third look fails, its one repetition included.
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 500, Path = "/instance/fetchInstances", Skip = 2, Count = 2 });
        var run = await RunAsync(rig, null);
        Assert.Equal((RunState.Completed, 6), (run.State, await AttemptsAsync(rig, run)));
    }

    [Fact]
    public async Task The_alerts_of_the_gateway_say_that_it_was_tried_and_those_of_a_tenant_or_of_another_gateway_do_not()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.005);
        var run = await RunAsync(rig, null);
        var remedies = new AttemptedRemedies(rig.Runs.Runs);
        async Task<IEnumerable<(string, string, string)>> AtAsync(string? gateway, string? tenant) =>
            (await remedies.ForAsync(At(run.Target.System, gateway, tenant), default)).Select(tried => (tried.Runbook, tried.By, tried.State));

        Assert.Equal([("wait-for-stability", run.RequestedBy, "completed")], await AtAsync("evo-1", null));
        Assert.Empty(await AtAsync("evo-1", "acme"));
        Assert.Empty(await AtAsync("evo-2", null));
        Assert.Empty(await AtAsync(null, null));
    }

    [Fact]
    public async Task Not_stable_in_time_is_a_failure_that_leaves_the_finding_to_people()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.001);
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 500, Path = "/instance/fetchInstances" });
        var run = await RunAsync(rig, null);
        Assert.Equal((RunState.Compensated, "wait-stable"), (run.State, run.FailedStep));
        Assert.Contains("0 of 3", run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_mends_no_key()
    {
        await using var rig = await ResetRig.CreateAsync();
        rig.Gateway.ApiKey = "another";
        Assert.Contains("refuses its key", (await RunAsync(rig, null)).Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("many")]
    public async Task A_number_that_is_none_is_refused(string wanted)
    {
        await using var rig = await ResetRig.CreateAsync();
        Assert.Equal("$.parameters.goodProbes", (await Assert.ThrowsAsync<ProblemException>(() => RunAsync(rig, wanted))).Field);
    }

    private static Finding At(string system, string? gateway, string? tenant) => new(
        1, "gateway_unreachable", "gateway", system, gateway, tenant, null, Severity.Critical, FindingState.Open, "", new Dictionary<string, string>(), null,
        default, default, null, null, null, null);

    private static async Task<Run> RunAsync(ResetRig rig, string? wanted) => await rig.EndAsync(
        await rig.OpenForGatewayAsync(Wait, parameters: wanted is null ? null : new Dictionary<string, string> { ["goodProbes"] = wanted }), Wait);

    private static async Task<int> AttemptsAsync(ResetRig rig, Run run) => (await rig.Runs.Runs.StepsAsync(run.Id, default)).Single(step => step.Step == "wait-stable").Attempts;
}
