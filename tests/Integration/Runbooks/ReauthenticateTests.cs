using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class ReauthenticateTests
{
    private const string Phone = "5511987650001";
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);
    private static readonly Runbook Runbook = new Reauthenticate();

    [Theory, InlineData("2.3.6"), InlineData("1.8.2")]
    public async Task A_logged_out_instance_is_paired_again_and_nothing_else_of_it_changes(string version)
    {
        await using var rig = await ResetRig.CreateAsync(AtOnce, version);
        await rig.SeedAsync("acme");
        var (before, row) = (rig.Instance("acme")!, await rig.RowsAsync("acme"));

        var run = await rig.OpenAsync(Runbook, "acme");
        Assert.Equal((false, RunState.Queued), (run.Plan.Destructive, run.State));
        Assert.Equal(RunState.Completed, await rig.Runs.DriveAsync(run, Runbook));

        Assert.Equal((before.Id, "open", before.WebhookUrl, true), (rig.Instance("acme")!.Id, rig.Instance("acme")!.State, rig.Instance("acme")!.WebhookUrl, rig.Instance("acme")!.WebhookEnabled));
        Assert.Equal(["GET /instance/connect"], rig.Acts("acme").Distinct());
        var tenant = (await rig.Runs.Get<ITenantDirectory>().FindAsync(rig.Runs.Fleet.Document.Systems[0], "acme", default))!.Integration!;
        Assert.Equal(("connected", "http://127.0.0.1:9/product", true), (tenant.ConnectionStatus, tenant.WebhookUrl, tenant.IsActive));
        Assert.Contains(ResetRig.OldApiKey, await rig.RowsAsync("acme"), StringComparison.Ordinal);
        Assert.NotEqual(row, await rig.RowsAsync("acme"));
    }

    [Capability("R-055")]
    [Theory, InlineData(1), InlineData(3)]
    public async Task As_many_codes_as_the_budget_has_are_waited_for_and_with_one_more_the_run_ends_with_the_reason(int budget)
    {
        // Codes of a second, of which a look every 50 ms misses none, and 9 s to scan one.
        await using var rig = await ResetRig.CreateAsync(
            timeScale: 0.005, options: new() { QrLife = TimeSpan.FromSeconds(1) }, thresholds: new() { QrBudget = budget });
        await rig.SeedAsync("acme");
        var run = await rig.OpenAsync(Runbook, "acme");

        Assert.Equal(RunState.NeedsPairing, await rig.Runs.DriveAsync(run, Runbook));

        var scan = (await rig.Runs.Runs.StepsAsync(run.Id, default)).Single(step => step.Step == "scan-qr");
        Assert.Equal((StepStatus.Unanswered, $"{budget + 1}"), (scan.Status, scan.Facts["qrCodes"]));
        Assert.Equal(1L, await rig.Runs.ScalarAsync<long>($"SELECT count(DISTINCT outcome) FROM whatsops.run_attempts WHERE step = 'scan-qr' AND detail LIKE '%QR code {budget} of {budget}.'"));
        var ended = (await rig.Runs.Runs.FindAsync(run.Id, default))!;
        Assert.StartsWith($"{budget} QR codes were shown and nobody scanned one", ended.Detail, StringComparison.Ordinal);
        var asked = Asked(rig);
        await Task.Delay(200);
        Assert.Equal(asked, Asked(rig));
        Assert.Equal("disconnected", (await rig.Runs.Get<ITenantDirectory>().FindAsync(rig.Runs.Fleet.Document.Systems[0], "acme", default))!.Integration!.ConnectionStatus);
    }

    [Fact]
    public async Task When_nobody_scans_in_time_the_run_says_needs_pairing()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.001);
        await rig.SeedAsync("acme");
        var run = await rig.OpenAsync(Runbook, "acme");
        Assert.Equal(RunState.NeedsPairing, await rig.Runs.DriveAsync(run, Runbook));
        Assert.Equal("Nobody scanned the code in time.", (await rig.Runs.Runs.FindAsync(run.Id, default))!.Detail);
    }

    [Theory, InlineData("close"), InlineData("connecting")]
    public async Task With_a_number_there_is_a_pairing_code_too_and_the_number_is_kept_encrypted_and_only_while_the_run_lives(string state)
    {
        await using var rig = await ResetRig.CreateAsync();
        // Connecting: it shows QR codes already, and never heard of the number.
        await rig.SeedAsync("acme", state);
        var run = await rig.OpenAsync(Runbook, "acme", new Dictionary<string, string> { ["number"] = Phone });
        var driving = rig.Runs.DriveAsync(run, Runbook);
        await Until.TrueAsync(async () => (await rig.Runs.Runs.FindAsync(run.Id, default))!.State == RunState.WaitingPerson);

        var code = await rig.Runs.Get<LiveQr>().CodeAsync((await rig.Runs.Runs.FindAsync(run.Id, default))!, default);
        Assert.Matches("^[A-Z0-9]{8}$", code!.Shown.Code);
        Assert.StartsWith("2@", code.Shown.Qr, StringComparison.Ordinal);
        Assert.Equal(1L, await rig.Runs.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_artifacts WHERE name = 'parameter/number'"));
        await rig.Gateway.ScanAsync("revalya-acme", Phone);

        Assert.Equal(RunState.Completed, await driving);
        Assert.Contains(rig.Gateway.Calls, call => call.Path.EndsWith($"?number={Phone}", StringComparison.Ordinal));
        Assert.Equal(state == "connecting" ? 1 : 0, rig.Acts("acme").Count(act => act == "DELETE /instance/logout"));
        await rig.Runs.Get<RunReconciler>().ReconcileAsync(rig.Runs.Client.Object, default);
        Assert.Equal(0L, await rig.Runs.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_artifacts WHERE name = 'parameter/number'"));
        var stored = await rig.Runs.ScalarAsync<string>(
            """
            SELECT concat((SELECT jsonb_agg(r) FROM whatsops.runs r), (SELECT jsonb_agg(s) FROM whatsops.run_steps s), (SELECT jsonb_agg(a) FROM whatsops.run_attempts a),
                (SELECT jsonb_agg(t) FROM whatsops.audit_trail t), (SELECT jsonb_agg(c) FROM whatsops.gateway_calls c))
            """) + string.Concat(rig.Runs.Blobs.Content.Values);
        Assert.Contains("*********0001", stored, StringComparison.Ordinal);
        foreach (var planted in (string[])[Phone, code.Shown.Code!, "2@"]) Assert.DoesNotContain(planted, stored, StringComparison.Ordinal);
    }

    [Theory, InlineData("open", "is open"), InlineData(null, "has no revalya-acme")]
    public async Task What_has_nothing_to_pair_is_refused_before_there_is_a_run(string? state, string why)
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", state);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => rig.OpenAsync(Runbook, "acme"));
        Assert.Equal((409, "$.tenant"), (refused.Status, refused.Field));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Empty(await rig.Runs.Runs.ListAsync(new(), default));
    }

    [Fact]
    public async Task A_gateway_that_shows_no_code_fails_the_run_with_the_causes_that_are_known()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.002);
        await rig.SeedAsync("acme");
        rig.Gateway.SetWhatsAppReachable(WhatsAppReachability.Silent);
        var run = await rig.OpenAsync(Runbook, "acme");
        Assert.Equal(RunState.Compensated, await rig.Runs.DriveAsync(run, Runbook));
        Assert.Contains("CONFIG_SESSION_PHONE_VERSION", (await rig.Runs.Runs.FindAsync(run.Id, default))!.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_many_look_the_gateway_is_asked_once_in_ten_seconds()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 1);
        await rig.SeedAsync("acme", "connecting");
        var run = await rig.OpenAsync(Runbook, "acme");
        // Stands at the scan without a motor, so that nobody but the lookers asks.
        await rig.Runs.ExecuteAsync("UPDATE whatsops.runs SET state = 'waiting_person', current_step = 'scan-qr'");
        run = (await rig.Runs.Runs.FindAsync(run.Id, default))!;
        var before = Asked(rig);
        var codes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => rig.Runs.Get<LiveQr>().CodeAsync(run, default)));
        Assert.Single(codes.Select(code => code!.Shown.Qr).Distinct());
        Assert.Equal(before + 1, Asked(rig));
    }

    private static int Asked(ResetRig rig) => rig.Gateway.Calls.Count(call => call.Path.StartsWith("/instance/connect/", StringComparison.Ordinal));
}
