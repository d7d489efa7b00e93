using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class ResetIntegrationTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);

    [Theory, Capability("R-077"), Capability("R-078"), Capability("R-079"), Capability("R-080"), Capability("R-081")]
    [InlineData("open", true, true)]
    [InlineData("close", true, true)]
    [InlineData("connecting", true, false)]
    [InlineData("open", false, true)]
    [InlineData(null, true, true)]
    [InlineData(null, false, false)]
    public async Task A_reset_ends_open_with_its_webhook_and_its_row_whatever_was_there(string? state, bool row, bool webhook)
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", state, row, webhook);
        await rig.SeedAsync("acme2", "open");
        var (before, neighbour) = (rig.Instance("acme")?.Id, (rig.Instance("acme2"), await rig.RowsAsync("acme2")));

        var (run, final) = await rig.ResetAsync("acme");

        Assert.Equal((RunState.Completed, null), (final, run.Failure));
        await rig.AssertRenewedAsync("acme");
        Assert.NotEqual(before, rig.Instance("acme")!.Id);
        // The product's own disconnect hits every instance whose name contains the slug.
        Assert.Equal(neighbour, (rig.Instance("acme2"), await rig.RowsAsync("acme2")));
        Assert.Empty(rig.Acts("acme2"));
    }

    [Fact]
    public async Task The_tenant_s_webhook_secret_survives_and_is_what_the_gateway_sends()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme");
        var secret = (await rig.Runs.Get<ITenantSecrets>().EnsureAsync("revalya", "acme", default)).Current;
        await rig.ResetAsync("acme");
        Assert.Equal(secret, (await rig.Runs.Get<ITenantSecrets>().EnsureAsync("revalya", "acme", default)).Current);
        var system = rig.Runs.Fleet.Document.Systems[0];
        var webhook = await rig.Runs.Get<IGateways>().Open(system, system.Gateways[0]).WebhookAsync("revalya-acme", default);
        Assert.Equal(secret, webhook.Value!.Headers["x-whatsops-secret"]);
    }

    [Fact]
    public async Task Where_events_are_forwarded_to_the_product_the_webhook_becomes_ours()
    {
        await using var rig = await ResetRig.CreateAsync(
            AtOnce, webhook: new() { BaseUrl = "http://127.0.0.1:9", DeliverTo = "https://app.example.com/events", DeliverySecret = "${env:DELIVERY_SECRET}" });
        await rig.SeedAsync("acme");
        var (_, final) = await rig.ResetAsync("acme");
        Assert.Equal(RunState.Completed, final);
        await rig.AssertRenewedAsync("acme");
    }

    [Theory]
    [InlineData(null)]
    // As a version that could not forward took it: nothing can be signed, so nothing would arrive.
    [InlineData("https://app.example.com/events")]
    public async Task Where_nothing_is_forwarded_the_product_s_own_webhook_comes_back_so_that_nothing_cuts_it_off(string? deliverTo)
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce, webhook: new() { BaseUrl = "http://127.0.0.1:9", DeliverTo = deliverTo });
        await rig.SeedAsync("acme");
        var (_, final) = await rig.ResetAsync("acme");
        Assert.Equal(RunState.Completed, final);
        Assert.Equal(("http://127.0.0.1:9/product", true), (rig.Instance("acme")!.WebhookUrl, rig.Instance("acme")!.WebhookEnabled));
    }

    [Fact]
    public async Task The_product_s_webhook_comes_back_even_when_the_first_reset_lost_the_instance_for_good()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce, webhook: new() { BaseUrl = "http://127.0.0.1:9" });
        await rig.SeedAsync("acme");
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/create" });
        Assert.Equal(RunState.Compensated, (await rig.ResetAsync("acme")).State);
        rig.Gateway.ClearFaults();
        Assert.Equal(RunState.Completed, (await rig.ResetAsync("acme")).State);
        Assert.Equal(("http://127.0.0.1:9/product", true), (rig.Instance("acme")!.WebhookUrl, rig.Instance("acme")!.WebhookEnabled));
    }

    [Fact]
    public async Task On_version_1_8_the_webhook_is_kept_because_it_cannot_carry_the_secret()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce, version: "1.8.2");
        await rig.SeedAsync("acme", "open");
        var (run, final) = await rig.ResetAsync("acme");
        Assert.Equal((RunState.Completed, null), (final, run.Failure));
        Assert.Equal(("open", "http://127.0.0.1:9/product"), (rig.Instance("acme")!.State, rig.Instance("acme")!.WebhookUrl));
    }

    [Fact]
    public async Task When_nobody_scans_everything_else_stands_and_the_run_says_needs_pairing()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.002);
        await rig.SeedAsync("acme");
        var (run, final) = await rig.ResetAsync("acme");
        Assert.Equal((RunState.NeedsPairing, null), (final, run.Failure));
        Assert.Equal("disconnected", (await rig.Runs.Get<ITenantDirectory>().FindAsync(rig.Runs.Fleet.Document.Systems[0], "acme", default))!.Integration!.ConnectionStatus);
        Assert.True(rig.Instance("acme")!.WebhookEnabled);
        Assert.Equal(StepStatus.Unanswered, (await rig.Runs.Runs.StepsAsync(run.Id, default)).Single(step => step.Step == "scan-qr").Status);
    }

    [Fact]
    public async Task A_gateway_that_refuses_the_create_gets_the_product_its_old_rows_back_exactly()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme");
        var rows = await rig.RowsAsync("acme");
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/create" });
        var (run, final) = await rig.ResetAsync("acme");
        Assert.Equal((RunState.Compensated, "create-instance"), (final, run.FailedStep));
        await rig.AssertTakenBackAsync("acme", rows);
        Assert.Null(rig.Instance("acme"));
    }

    [Fact]
    public async Task A_create_that_nobody_heard_the_answer_of_is_read_back_and_not_repeated()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme");
        rig.Gateway.SetFault(new() { Kind = FaultKind.Reset, Path = "/instance/create", AfterActing = true, Count = 1 });
        var (_, final) = await rig.ResetAsync("acme");
        Assert.Equal(RunState.Completed, final);
        await rig.AssertRenewedAsync("acme");
    }

    [Fact]
    public async Task A_delete_that_only_pretends_is_noticed_and_the_webhook_comes_back()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce, timeScale: 0.002);
        await rig.SeedAsync("acme", "open");
        var rows = await rig.RowsAsync("acme");
        rig.Gateway.SetFault(new() { Kind = FaultKind.Pretend, Method = "DELETE", Path = "/instance/delete/*" });
        var (run, final) = await rig.ResetAsync("acme");
        Assert.Equal((RunState.Compensated, "wait-gone"), (final, run.FailedStep));
        await rig.AssertTakenBackAsync("acme", rows);
    }

    [Fact]
    public async Task A_changed_key_stops_the_run_before_anything_is_touched()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", "open");
        rig.Gateway.ApiKey = "another";
        var (run, final) = await rig.ResetAsync("acme");
        Assert.Equal((RunState.Compensated, "check-target"), (final, run.FailedStep));
        Assert.Empty(rig.Acts("acme"));
    }

    [Fact]
    public async Task A_gateway_that_moved_after_the_approval_is_not_acted_on()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", "open");
        var run = await rig.OpenAsync("acme");
        var system = rig.Runs.Fleet.Document.Systems[0];
        rig.Runs.Fleet.Document = RunbookRig.Document(system with { Gateways = [system.Gateways[0] with { Url = system.Gateways[0].Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) }] });
        Assert.Equal(RunState.Compensated, await rig.Runs.DriveAsync(run, new ResetIntegration()));
        Assert.Empty(rig.Acts("acme"));
    }

    [Fact]
    public async Task Secrets_and_codes_are_in_no_row_of_ours_and_in_no_evidence()
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", "open");
        await rig.ResetAsync("acme");
        var secret = (await rig.Runs.Get<ITenantSecrets>().EnsureAsync("revalya", "acme", default)).Current;
        var stored = await rig.Runs.ScalarAsync<string>(
            """
            SELECT concat((SELECT jsonb_agg(r) FROM whatsops.runs r), (SELECT jsonb_agg(s) FROM whatsops.run_steps s), (SELECT jsonb_agg(a) FROM whatsops.run_attempts a),
                (SELECT jsonb_agg(p) FROM whatsops.run_artifacts p), (SELECT jsonb_agg(t) FROM whatsops.audit_trail t), (SELECT jsonb_agg(f) FROM whatsops.findings f))
            """) + string.Concat(rig.Runs.Blobs.Content.Values);
        Assert.Contains("create-instance", stored, StringComparison.Ordinal);
        foreach (var planted in (string[])[secret, ResetRig.OldSecret, ResetRig.OldApiKey, rig.Gateway.ApiKey, "2@"])
            Assert.DoesNotContain(planted, stored, StringComparison.Ordinal);
    }
}
