using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class SaveIntegrationTests
{
    private const string Good = """{"instance_name":"revalya-acme","api_url":"{url}","environment":"production"}""";

    [Theory, Capability("R-058")]
    [InlineData(null, "no whatsapp row")]
    [InlineData("{}", "instance_name missing")]
    [InlineData("""{"instance_name":"acme","api_url":"{url}","kept":"this"}""", "instance_name acme → revalya-acme")]
    [InlineData("""{"instance_name":"revalya-acme"}""", "api_url missing")]
    public async Task What_the_row_lacks_or_says_wrongly_is_written_and_the_plan_says_what(string? config, string difference)
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme" }, config);
        var run = await rig.RunAsync(new SaveIntegration(), "acme");
        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Contains(difference, Assert.Single(run.Plan.Steps, step => step.Path == "save-integration").Title, StringComparison.Ordinal);
        var row = (await rig.IntegrationAsync("acme"))!;
        Assert.Equal(("revalya-acme", rig.Gateway.Url, "connected", "http://127.0.0.1:9/api/whatsapp/webhook/acme"), (row.InstanceName, row.ApiUrl, row.ConnectionStatus, row.WebhookUrl));
        var rows = await rig.RowsAsync("acme");
        Assert.Contains("production", rows, StringComparison.Ordinal);
        if (config?.Contains("kept", StringComparison.Ordinal) == true) Assert.Contains("\"kept\": \"this\"", rows, StringComparison.Ordinal);
        Assert.Empty(rig.Acts("acme"));
    }

    [Fact]
    public async Task A_row_that_is_right_needs_no_run()
    {
        await using var rig = await ResetRig.CreateAsync(webhook: new());
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme" }, Good);
        Assert.Equal(409, (await rig.RefusedAsync(new SaveIntegration(), "acme")).Status);
    }

    [Fact]
    public async Task Without_a_receiver_of_ours_the_row_gets_the_webhook_that_the_gateway_really_has()
    {
        await using var rig = await ResetRig.CreateAsync(webhook: new());
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme", State = "close", Webhook = new() { Url = "http://127.0.0.1:9/theirs" } }, "{}");
        await rig.RunAsync(new SaveIntegration(), "acme");
        Assert.Equal(("http://127.0.0.1:9/theirs", "disconnected"), ((await rig.IntegrationAsync("acme"))!.WebhookUrl, (await rig.IntegrationAsync("acme"))!.ConnectionStatus));
    }

    [Fact]
    public async Task A_row_that_does_not_take_is_put_back_exactly()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", new InstanceSeed { Name = "revalya-acme" }, "{}");
        await rig.ForgetInstanceNamesAsync();
        var rows = await rig.RowsAsync("acme");
        var run = await rig.RunAsync(new SaveIntegration(), "acme");
        Assert.Equal((RunState.Compensated, "verify"), (run.State, run.FailedStep));
        Assert.Equal(rows, await rig.RowsAsync("acme"));
    }
}
