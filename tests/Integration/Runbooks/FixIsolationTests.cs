using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class FixIsolationTests
{
    private const string Wrong = "Revalya-acme";
    private static readonly FixIsolation Fix = new();

    [Fact, Capability("R-070")]
    public async Task The_wrong_instance_goes_when_the_right_one_is_open_and_proven()
    {
        await using var rig = await RigAsync(scan: true);
        var run = await rig.RunAsync(Fix, "acme");
        Assert.Equal((RunState.Completed, null, "bia"), (run.State, run.Failure, run.ApprovedBy));
        Assert.Null(rig.Gateway.Find(Wrong));
        await rig.AssertRenewedAsync("acme");
        Assert.Equal("delete-wrong", run.Plan.PointOfNoReturn);
        Assert.Contains(Wrong, Assert.Single(run.Plan.Steps, step => step.Path == "delete-wrong").Title, StringComparison.Ordinal);
        // Silenced before anything else, deleted after everything else.
        Assert.Equal(["POST /webhook/set", "DELETE /instance/delete"], rig.ActsOn(Wrong));
    }

    [Fact]
    public async Task Nobody_scans_and_everything_is_as_before()
    {
        await using var rig = await RigAsync(scan: false, timeScale: 0.002);
        var rows = await rig.RowsAsync("acme");
        var run = await rig.RunAsync(Fix, "acme");
        Assert.Equal((RunState.Compensated, "scan-qr"), (run.State, run.FailedStep));
        Assert.Equal(rows, await rig.RowsAsync("acme"));
        var wrong = rig.Gateway.Find(Wrong)!;
        Assert.Equal(("open", true), (wrong.State, wrong.WebhookEnabled));
        Assert.Null(rig.Instance("acme"));
    }

    [Fact]
    public async Task A_delete_that_is_refused_leaves_both_paired_and_the_row_as_it_was()
    {
        await using var rig = await RigAsync(scan: true);
        var rows = await rig.RowsAsync("acme");
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 400, Method = "DELETE", Path = "/instance/delete/*" });
        var run = await rig.RunAsync(Fix, "acme");
        Assert.Equal((RunState.Compensated, "delete-wrong"), (run.State, run.FailedStep));
        Assert.Equal(rows, await rig.RowsAsync("acme"));
        Assert.Equal(("open", "open", true), (rig.Instance("acme")!.State, rig.Gateway.Find(Wrong)!.State, rig.Gateway.Find(Wrong)!.WebhookEnabled));
    }

    [Fact]
    public async Task A_delete_that_never_ends_does_not_take_the_right_instance_s_row_away()
    {
        await using var rig = await RigAsync(scan: true, timeScale: 0.002);
        rig.Gateway.SetFault(new() { Kind = FaultKind.Pretend, Method = "DELETE", Path = "/instance/delete/*" });
        var run = await rig.RunAsync(Fix, "acme");
        Assert.Equal((RunState.Compensated, "wait-gone"), (run.State, run.FailedStep));
        Assert.Equal("revalya-acme", (await rig.IntegrationAsync("acme"))!.InstanceName);
        Assert.False(rig.Gateway.Find(Wrong)!.WebhookEnabled);
    }

    [Theory]
    [InlineData("revalya-beta")] // another tenant's own
    [InlineData("beta-old")] // named by another tenant's row
    [InlineData("revalya-acme")] // the right one
    [InlineData("stranger")] // nobody says that it is acme's
    public async Task Only_what_is_proven_to_be_the_tenant_s_may_be_named(string instance)
    {
        await using var rig = await RigAsync(scan: true);
        await rig.SeedAsync("beta", new InstanceSeed { Name = "beta-old" }, """{"instance_name":"beta-old","api_url":"{url}"}""");
        rig.Gateway.Seed([new InstanceSeed { Name = "revalya-beta" }, new InstanceSeed { Name = "stranger" }]);
        Assert.Equal(409, (await rig.RefusedAsync(Fix, "acme", new Dictionary<string, string> { ["wrongInstance"] = instance })).Status);
    }

    [Fact]
    public async Task The_bare_slug_of_a_first_activation_may_be_named()
    {
        await using var rig = await RigAsync(scan: true);
        rig.Gateway.Seed(new InstanceSeed { Name = "acme" });
        var run = await rig.RunAsync(Fix, "acme", new Dictionary<string, string> { ["wrongInstance"] = "acme" });
        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Null(rig.Gateway.Find("acme"));
        Assert.NotNull(rig.Gateway.Find(Wrong));
    }

    [Fact]
    public async Task An_instance_that_does_not_exist_needs_only_its_row_mended()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", null, """{"instance_name":"acme","api_url":"{url}"}""");
        var refused = await rig.RefusedAsync(Fix, "acme");
        Assert.Equal((404, true), (refused.Status, refused.Fix!.Contains("save-integration", StringComparison.Ordinal)));
    }

    private static async Task<ResetRig> RigAsync(bool scan, double timeScale = 0.02)
    {
        var rig = await ResetRig.CreateAsync(scan ? TimeSpan.FromMilliseconds(50) : null, timeScale: timeScale);
        await rig.SeedAsync("acme", new InstanceSeed { Name = Wrong, Webhook = new() { Url = "http://127.0.0.1:9/product" } }, $$"""{"instance_name":"{{Wrong}}","api_url":"{url}"}""");
        return rig;
    }
}
