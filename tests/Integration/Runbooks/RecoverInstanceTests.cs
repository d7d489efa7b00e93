using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class RecoverInstanceTests
{
    private const string Config = """{"instance_name":"revalya-acme","api_url":"{url}"}""";
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);
    private static readonly RecoverInstance Ladder = new();

    [Fact]
    public async Task An_open_instance_is_left_alone()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme" }, Config);
        Assert.Equal((RunState.Completed, "----"), await ClimbAsync(rig));
        Assert.Empty(rig.Acts("acme"));
    }

    [Theory]
    [InlineData("2.3.6")]
    [InlineData("1.8.2")]
    public async Task What_is_stuck_is_restarted_and_that_is_enough(string version)
    {
        await using var rig = await ResetRig.CreateAsync(version: version);
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "connecting", Paired = true }, Config);
        Assert.Equal((RunState.Completed, "r---"), await ClimbAsync(rig));
    }

    [Fact]
    public async Task What_is_closed_is_connected_since_a_restart_would_only_fail_politely()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "close", Paired = true }, Config);
        Assert.Equal((RunState.Completed, "-c--"), await ClimbAsync(rig));
        Assert.DoesNotContain(rig.Gateway.Calls, call => call.Path.Contains("/restart/", StringComparison.Ordinal));
    }

    [Theory, Capability("R-418")]
    [InlineData(401)]
    [InlineData(406)]
    public async Task A_session_ended_for_good_goes_straight_to_the_pairing(int reason)
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "close", DisconnectionReasonCode = reason }, Config);
        Assert.Equal((RunState.Completed, "--p-"), await ClimbAsync(rig));
        Assert.Equal("open", rig.Instance("acme")!.State);
    }

    [Fact]
    public async Task Nobody_scans_and_the_ladder_ends_below_the_reset()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.002);
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "close", DisconnectionReasonCode = 401 }, Config);
        Assert.Equal((RunState.NeedsPairing, "--p-"), await ClimbAsync(rig));
        Assert.DoesNotContain(rig.Acts("acme"), act => act.StartsWith("DELETE /instance/delete", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_rung_is_given_its_time_before_the_next()
    {
        // Neither a restart nor a connect opens what WhatsApp does not answer; a pairing shows no code, so the reset is tried, and nobody can scan.
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.005);
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "connecting", Paired = true }, Config);
        rig.Gateway.SetWhatsAppReachable(WhatsAppReachability.Silent);
        var (state, climbed) = await ClimbAsync(rig);
        Assert.Equal((RunState.NeedsPairing, "rcpx"), (state, climbed));
    }

    [Fact, Capability("R-061")]
    public async Task A_missing_instance_is_reset_after_a_person_has_approved_what_the_plan_says()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", null, Config);
        var run = await rig.OpenAsync(Ladder, "acme");
        Assert.Equal(("bia", "reset-rung.climb.reset.delete-instance"), (run.ApprovedBy, run.Plan.PointOfNoReturn));
        run = await rig.EndAsync(run, Ladder);
        Assert.Equal((RunState.Completed, "---x"), (run.State, await ClimbedAsync(rig, run)));
        await rig.AssertRenewedAsync("acme");
    }

    [Fact]
    public async Task A_zombie_survives_its_logout_and_the_run_says_what_helps()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.005);
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", Zombie = true }, Config);
        var run = await rig.RunAsync(Ladder, "acme", new Dictionary<string, string> { ["from"] = "restart" });
        Assert.Equal((RunState.Compensated, "rcp-"), (run.State, await ClimbedAsync(rig, run)));
        Assert.Contains("Restart the gateway itself", run.Failure, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Gateway.Calls, call => call.Method == "DELETE" && call.Path.Contains("/delete/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gateway_that_cannot_be_seen_is_no_reason_to_destroy()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce, timeScale: 0.005);
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "close", Paired = true }, Config);
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 500, Path = "/instance/connectionState/*" });
        var run = await rig.RunAsync(Ladder, "acme");
        Assert.Equal(RunState.Compensated, run.State);
        Assert.Empty(rig.Acts("acme"));
    }

    [Fact]
    public async Task There_is_no_other_rung() =>
        Assert.Equal(400, (await RefusedAsync("roof")).Status);

    private static async Task<WhatsOps.Fleet.ProblemException> RefusedAsync(string from)
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme" }, Config);
        return await rig.RefusedAsync(Ladder, "acme", new Dictionary<string, string> { ["from"] = from });
    }

    private static async Task<(RunState State, string Climbed)> ClimbAsync(ResetRig rig)
    {
        var run = await rig.RunAsync(Ladder, "acme");
        return (run.State, await ClimbedAsync(rig, run));
    }

    // One letter per rung that was climbed: restart, connect, pairing, reset.
    private static async Task<string> ClimbedAsync(ResetRig rig, Run run)
    {
        var climbed = "";
        foreach (var (rung, letter) in ((string, char)[])[("restart-rung", 'r'), ("connect-rung", 'c'), ("pairing-rung", 'p'), ("reset-rung", 'x')])
            climbed += await rig.ChosenAsync(run, rung) == "climb" ? letter : '-';
        return climbed;
    }
}
