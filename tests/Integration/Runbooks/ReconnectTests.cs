using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>The two runbooks that a policy may run unasked at 3 a.m.: reconnect and restart-instance.</summary>
public sealed class ReconnectTests
{
    private const string Config = """{"instance_name":"revalya-acme","api_url":"{url}"}""";

    public static TheoryData<Runbook, string, string> Mild() => new()
    {
        { new Reconnect(), "2.3.6", "close" }, { new Reconnect(), "1.8.2", "close" },
        // A closed instance does not restart: Evolution answers 200 {error:true}.
        { new RestartInstance(), "2.3.6", "close" }, { new RestartInstance(), "2.3.6", "connecting" }, { new RestartInstance(), "2.3.6", "open" }, { new RestartInstance(), "1.8.2", "open" },
    };

    [Theory, MemberData(nameof(Mild)), Capability("R-066")]
    public async Task A_paired_instance_opens_again_and_the_product_knows(Runbook runbook, string version, string state)
    {
        await using var rig = await ResetRig.CreateAsync(version: version);
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = state, Paired = true }, Config);
        var run = await rig.RunAsync(runbook, "acme");
        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal(("open", "connected"), (rig.Instance("acme")!.State, (await rig.IntegrationAsync("acme"))!.ConnectionStatus));
        Assert.False(run.Plan.Destructive);
        if (state == "open") Assert.Contains(rig.Acts("acme"), act => act == (version == "1.8.2" ? "PUT /instance/restart" : "POST /instance/restart"));
    }

    [Theory, Capability("R-418")]
    [InlineData(401)]
    [InlineData(402)]
    [InlineData(403)]
    [InlineData(406)]
    public async Task What_WhatsApp_ended_for_good_is_not_connected_to_show_codes_to_nobody(int reason)
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "close", DisconnectionReasonCode = reason }, Config);
        foreach (var runbook in (Runbook[])[new Reconnect(), new RestartInstance()])
        {
            var run = await rig.RunAsync(runbook, "acme");
            Assert.Equal(RunState.Compensated, run.State);
            Assert.Contains("reauthenticate", run.Failure, StringComparison.Ordinal);
        }

        Assert.Empty(rig.Acts("acme"));
    }

    [Theory]
    [InlineData(408)]
    [InlineData(428)]
    [InlineData(515)]
    public async Task Any_other_reason_is_worth_a_try(int reason)
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "close", Paired = true, DisconnectionReasonCode = reason }, Config);
        Assert.Equal(RunState.Completed, (await rig.RunAsync(new Reconnect(), "acme")).State);
    }

    [Fact]
    public async Task A_zombie_that_only_says_open_is_not_called_restarted()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.005);
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", Zombie = true }, Config);
        var run = await rig.RunAsync(new RestartInstance(), "acme");
        Assert.Equal((RunState.Compensated, "wait-open"), (run.State, run.FailedStep));
        Assert.Contains("nothing shows that the restart took place", run.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_the_gateway_has_not_loaded_is_waited_for_and_then_told()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.005);
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", Loaded = false }, Config);
        var run = await rig.RunAsync(new RestartInstance(), "acme");
        Assert.Contains("restart the gateway itself", run.Failure, StringComparison.Ordinal);
        Assert.Empty(rig.Acts("acme"));
    }

    [Fact]
    public async Task A_row_that_the_product_switched_off_or_that_names_another_instance_is_not_touched()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "close", Paired = true }, """{"instance_name":"other","api_url":"{url}"}""");
        var rows = await rig.RowsAsync("acme");
        Assert.Equal(RunState.Completed, (await rig.RunAsync(new Reconnect(), "acme")).State);
        Assert.Equal(rows, await rig.RowsAsync("acme"));
    }
}
