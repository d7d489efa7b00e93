using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class RepairWebhookTests
{
    [Theory, Capability("R-043")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_webhook_becomes_the_fleet_file_s_and_the_plan_shows_the_difference_without_a_secret(bool webhook)
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", "open", webhook: webhook);
        var run = await rig.RunAsync(new RepairWebhook(), "acme");
        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        var secret = (await rig.Runs.Get<ITenantSecrets>().EnsureAsync("revalya", "acme", default)).Current;
        var after = (await rig.WebhookAsync("acme"))!;
        Assert.Equal(("http://127.0.0.1:9/api/whatsapp/webhook/acme", true, secret), (after.Url, after.Enabled, after.Headers["x-whatsops-secret"]));
        var title = Assert.Single(run.Plan.Steps, step => step.Path == "set-webhook").Title;
        Assert.Contains(webhook ? "url: http://127.0.0.1:9/product → http://127.0.0.1:9/api/whatsapp/webhook/acme" : "none is set", title, StringComparison.Ordinal);
        if (webhook) Assert.Contains("headers.x-whatsops-secret: missing", title, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, title, StringComparison.Ordinal);
        Assert.Equal(409, (await rig.RefusedAsync(new RepairWebhook(), "acme")).Status);
    }

    [Theory]
    [InlineData(null, null, "baseUrl")]
    [InlineData("http://127.0.0.1:9", null, "cut the product off")]
    [InlineData("http://127.0.0.1:9", "http://127.0.0.1:9/events", "deliverySecret")]
    public async Task Without_a_word_on_where_events_go_it_is_refused(string? baseUrl, string? deliverTo, string says)
    {
        await using var rig = await ResetRig.CreateAsync(webhook: new() { BaseUrl = baseUrl, DeliverTo = deliverTo });
        await rig.SeedAsync("acme", "open");
        var refused = await rig.RefusedAsync(new RepairWebhook(), "acme");
        Assert.Equal(409, refused.Status);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_1_8_cannot_carry_the_secret_and_is_refused_with_the_reason()
    {
        await using var rig = await ResetRig.CreateAsync(version: "1.8.2");
        await rig.SeedAsync("acme", "open");
        Assert.Contains("without headers", (await rig.RefusedAsync(new RepairWebhook(), "acme")).Message, StringComparison.Ordinal);
        Assert.Empty(rig.Acts("acme"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_webhook_that_cannot_be_proven_is_put_back_as_it_was(bool webhook)
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", "open", webhook: webhook);
        // It takes, and the look that should prove it fails for as long as that step has patience.
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 401, Method = "GET", Path = "/webhook/find/*", Skip = 4, Count = 4 });
        var run = await rig.RunAsync(new RepairWebhook(), "acme");
        Assert.Equal((RunState.Compensated, "verify"), (run.State, run.FailedStep));
        Assert.Equal(webhook, rig.Instance("acme")!.WebhookEnabled);
        if (webhook) Assert.Equal("http://127.0.0.1:9/product", rig.Instance("acme")!.WebhookUrl);
    }
}
