using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class CreateInstanceTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);

    [Theory, Capability("R-057"), Capability("R-080")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_missing_is_made_with_its_webhook_its_row_and_its_pairing(bool row)
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", null, row);
        var run = await rig.RunAsync(new CreateInstance(), "acme");
        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        // Nothing is lost by it: an operator, or policy auto, needs nobody's approval.
        Assert.Equal((false, "ana"), (run.Plan.Destructive, run.ApprovedBy));
        await rig.AssertRenewedAsync("acme");
    }

    [Fact]
    public async Task On_version_1_8_it_is_made_without_a_webhook_that_could_not_prove_itself()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce, version: "1.8.2");
        await rig.SeedAsync("acme", null);
        Assert.Equal(RunState.Completed, (await rig.RunAsync(new CreateInstance(), "acme")).State);
        Assert.Equal(("open", false), (rig.Instance("acme")!.State, rig.Instance("acme")!.WebhookEnabled));
    }

    [Fact]
    public async Task What_exists_is_never_created_neither_at_the_plan_nor_hours_later()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", null);
        var run = await rig.OpenAsync(new CreateInstance(), "acme");
        rig.Gateway.Seed(new InstanceSeed { Name = "revalya-acme", State = "close" });

        var refused = await rig.RefusedAsync(new CreateInstance(), "acme");
        var late = await rig.EndAsync(run, new CreateInstance());

        Assert.Equal(409, refused.Status);
        Assert.Equal((RunState.Compensated, "check-missing"), (late.State, late.FailedStep));
        Assert.Empty(rig.Acts("acme"));
    }

    [Fact]
    public async Task What_it_made_is_removed_again_when_it_cannot_go_on_and_the_rows_come_back()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", null);
        var rows = await rig.RowsAsync("acme");
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/connect/*" });
        var run = await rig.RunAsync(new CreateInstance(), "acme");
        Assert.Equal((RunState.Compensated, "connect"), (run.State, run.FailedStep));
        Assert.Null(rig.Instance("acme"));
        Assert.Equal(rows, await rig.RowsAsync("acme"));
    }

    [Fact]
    public async Task The_product_s_webhook_comes_back_after_a_reset_that_lost_it_and_after_further_failures()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce, webhook: new() { BaseUrl = "http://127.0.0.1:9" });
        await rig.SeedAsync("acme");
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/create" });
        Assert.Equal(RunState.Compensated, (await rig.ResetAsync("acme")).State);
        Assert.Equal(RunState.Compensated, (await rig.RunAsync(new Reconnect(), "acme")).State);
        rig.Gateway.ClearFaults();
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/connect/*" });
        Assert.Equal(RunState.Compensated, (await rig.RunAsync(new CreateInstance(), "acme")).State);
        rig.Gateway.ClearFaults();
        Assert.Equal(RunState.Completed, (await rig.RunAsync(new CreateInstance(), "acme")).State);
        Assert.Equal(("http://127.0.0.1:9/product", true), (rig.Instance("acme")!.WebhookUrl, rig.Instance("acme")!.WebhookEnabled));
    }

    [Fact]
    public async Task When_nobody_scans_the_instance_stands_and_waits()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.002);
        await rig.SeedAsync("acme", null);
        Assert.Equal(RunState.NeedsPairing, (await rig.RunAsync(new CreateInstance(), "acme")).State);
        Assert.True(rig.Instance("acme")!.WebhookEnabled);
    }
}
