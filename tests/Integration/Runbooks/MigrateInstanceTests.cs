using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class MigrateInstanceTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(50);

    [Capability("R-082")]
    [Capability("R-083")]
    [Capability("R-085")]
    [Capability("R-086")]
    [Theory, InlineData("2.3.6"), InlineData("1.8.2")]
    public async Task A_migration_ends_open_on_the_new_gateway_with_webhook_and_row_and_nothing_left_on_the_old(string oldVersion)
    {
        await using var rig = await MigrateRig.CreateAsync(AtOnce, oldVersion);
        await rig.SeedAsync("acme", headers: oldVersion[0] == '2');
        await rig.SeedAsync("acme2");
        var neighbour = (rig.OnOld("acme2"), await rig.RowsAsync("acme2"));

        var run = await rig.MigrateAsync("acme");

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        await rig.AssertMovedAsync("acme");
        var webhook = await rig.Runs.Get<IGateways>().Open(rig.System, rig.System.Gateways[1]).WebhookAsync("revalya-acme", default);
        Assert.Equal((await rig.Runs.Get<ITenantSecrets>().EnsureAsync("revalya", "acme", default)).Current, webhook.Value!.Headers["x-whatsops-secret"]);
        Assert.Contains("evo-2", rig.Runs.Blobs.Content.Values.Single().ToString(), StringComparison.Ordinal);
        Assert.Equal(neighbour, (rig.OnOld("acme2"), await rig.RowsAsync("acme2")));
        Assert.Empty(MigrateRig.Acts(rig.Old, "acme2"));
    }

    [Theory, InlineData("2.3.6"), InlineData("1.8.2")]
    public async Task Where_WhatsOps_is_not_to_receive_or_cannot_prove_the_product_s_own_webhook_moves_along(string newVersion)
    {
        await using var rig = await MigrateRig.CreateAsync(AtOnce, newVersion: newVersion, webhook: newVersion[0] == '1' ? null : new() { BaseUrl = "http://127.0.0.1:9" });
        await rig.SeedAsync("acme", headers: newVersion[0] == '2');
        Assert.Equal(RunState.Completed, (await rig.MigrateAsync("acme")).State);
        await rig.AssertMovedAsync("acme", MigrateRig.OldWebhook);
        var webhook = await rig.Runs.Get<IGateways>().Open(rig.System, rig.System.Gateways[1]).WebhookAsync("revalya-acme", default);
        Assert.Equal(newVersion[0] == '2' ? MigrateRig.OldSecret : null, webhook.Value!.Headers.GetValueOrDefault("x-product"));
    }

    [Capability("R-087")]
    [Fact]
    public async Task At_no_moment_do_both_deliver_and_the_old_one_is_untouched_until_the_new_one_is_open_and_proven()
    {
        await using var receiver = await EventReceiver.StartAsync();
        await using var rig = await MigrateRig.CreateAsync(AtOnce, webhook: new() { BaseUrl = "http://127.0.0.1:9" });
        await rig.SeedAsync("acme", webhook: receiver.Url);
        var before = rig.OnOld("acme")!;
        var watcher = new Watcher(rig, before);
        rig.Old.StartTraffic(200);
        rig.New.StartTraffic(200);
        var run = await rig.OpenAsync("acme");
        var state = await rig.Runs.DriveAsync(run, MigrateRig.Runbook, rig.Runs.Process(services => services.AddSingleton<IFaultPoints>(watcher)));
        await Until.TrueAsync(() => Task.FromResult(receiver.Events.Any(seen => seen.Server == rig.New.Url)));
        rig.Old.StopTraffic();
        rig.New.StopTraffic();

        Assert.Equal((RunState.Completed, ""), (state, string.Join('\n', watcher.Wrong)));
        Assert.True(watcher.Looks > 40, $"{watcher.Looks} looks");
        // The old one delivered before, and nothing any more once its webhook was seen to be off; the new one only afterwards.
        Assert.Contains(receiver.Events, seen => seen.Server == rig.Old.Url && seen.Event == "messages.upsert");
        Assert.DoesNotContain(receiver.Events, seen => seen.Server == rig.New.Url && seen.At < watcher.OldDisabledAt);
        Assert.DoesNotContain(rig.Old.Deliveries, delivery => delivery.At > watcher.OldDisabledAt!.Value.AddSeconds(5));
    }

    [Capability("R-088")]
    [Fact]
    public async Task When_nobody_scans_everything_is_taken_back_and_the_old_one_was_never_touched()
    {
        await using var rig = await MigrateRig.CreateAsync(timeScale: 0.002);
        await rig.SeedAsync("acme", MigrateRig.OldKey);
        var (before, rows) = (rig.OnOld("acme")!, await rig.RowsAsync("acme"));
        var run = await rig.MigrateAsync("acme");
        Assert.Equal((RunState.Compensated, "scan-qr"), (run.State, run.FailedStep));
        await rig.AssertTakenBackAsync("acme", rows, before);
        Assert.Empty(MigrateRig.Acts(rig.Old, "acme"));
    }

    [Fact]
    public async Task A_cancel_before_the_point_of_no_return_takes_everything_back()
    {
        await using var rig = await MigrateRig.CreateAsync();
        await rig.SeedAsync("acme");
        var (before, rows) = (rig.OnOld("acme")!, await rig.RowsAsync("acme"));
        var run = await rig.OpenAsync("acme");
        var driving = rig.Runs.DriveAsync(run, MigrateRig.Runbook);
        await Until.TrueAsync(async () => (await rig.Runs.Runs.FindAsync(run.Id, default))!.State == RunState.WaitingPerson);
        await rig.Runs.Desk.CancelAsync(rig.Runs.Client.Object, run.Id, RunbookRig.Ana, default);
        Assert.Equal(RunState.Cancelled, await driving);
        await rig.AssertTakenBackAsync("acme", rows, before);
    }

    [Capability("R-084")]
    [Fact]
    public async Task A_key_that_the_product_keeps_is_a_person_s_to_change_and_never_ours()
    {
        await using var rig = await MigrateRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme", MigrateRig.OldKey);
        var run = await rig.OpenAsync("acme");
        var driving = rig.Runs.DriveAsync(run, MigrateRig.Runbook);
        await Until.TrueAsync(async () => (await rig.Runs.Runs.FindAsync(run.Id, default)) is { State: RunState.WaitingPerson, CurrentStep: "api-key.ask.put-key" });
        Assert.Contains(MigrateRig.OldKey, await rig.RowsAsync("acme"), StringComparison.Ordinal);
        Assert.Equal("open", rig.OnOld("acme")!.State);
        await rig.ExecuteOnProductAsync($$"""UPDATE tenant_integrations SET config = config || '{"api_key":"{{MigrateRig.NewKey}}"}'""");
        Assert.Equal(RunState.Completed, await driving);
        await rig.AssertMovedAsync("acme");
    }

    [Capability("R-084")]
    [Fact]
    public async Task A_key_that_nobody_changes_takes_everything_back()
    {
        await using var rig = await MigrateRig.CreateAsync(AtOnce, timeScale: 0.005);
        await rig.SeedAsync("acme", MigrateRig.OldKey);
        var (before, rows) = (rig.OnOld("acme")!, await rig.RowsAsync("acme"));
        var run = await rig.MigrateAsync("acme");
        Assert.Equal((RunState.Compensated, "api-key.ask.put-key"), (run.State, run.FailedStep));
        await rig.AssertTakenBackAsync("acme", rows, before);
    }

    [Capability("R-088")]
    [Fact]
    public async Task An_old_session_that_cannot_be_ended_still_works_so_everything_is_taken_back()
    {
        await using var rig = await MigrateRig.CreateAsync(AtOnce, timeScale: 0.005);
        await rig.SeedAsync("acme");
        var (before, rows) = (rig.OnOld("acme")!, await rig.RowsAsync("acme"));
        rig.Old.SetFault(new() { Kind = FaultKind.Status, Status = 400, Method = "DELETE", Path = "/instance/logout/*" });
        var run = await rig.MigrateAsync("acme");
        Assert.Equal((RunState.Compensated, "logout-old"), (run.State, run.FailedStep));
        await rig.AssertTakenBackAsync("acme", rows, before);
    }

    [Fact]
    public async Task Once_the_old_session_is_over_the_new_one_is_never_taken_away()
    {
        await using var rig = await MigrateRig.CreateAsync(AtOnce, timeScale: 0.005);
        await rig.SeedAsync("acme");
        var watcher = new At("remove-old", FaultPoint.Recorded, () => rig.ExecuteOnProductAsync($"UPDATE tenant_integrations SET config = config || '{{\"api_url\":\"{rig.Old.Url}\"}}'"));
        var run = await rig.OpenAsync("acme");
        var state = await rig.Runs.DriveAsync(run, MigrateRig.Runbook, rig.Runs.Process(services => services.AddSingleton<IFaultPoints>(watcher)));
        Assert.Equal((RunState.Compensated, "verify"), (state, (await rig.Runs.Runs.FindAsync(run.Id, default))!.FailedStep));
        Assert.Equal(("open", true), (rig.OnNew("acme")!.State, rig.OnNew("acme")!.WebhookEnabled));
        Assert.All((await rig.Runs.Runs.StepsAsync(run.Id, default)).Where(step => step.Phase == Phase.Compensate), step => Assert.StartsWith("Not taken back", step.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_old_instance_that_does_not_go_is_left_behind_and_told()
    {
        await using var rig = await MigrateRig.CreateAsync(AtOnce, timeScale: 0.002);
        await rig.SeedAsync("acme");
        rig.Old.SetFault(new() { Kind = FaultKind.Pretend, Method = "DELETE", Path = "/instance/delete/*" });
        var run = await rig.MigrateAsync("acme");
        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal(("close", false), (rig.OnOld("acme")!.State, rig.OnOld("acme")!.WebhookEnabled));
        Assert.Equal(["left-behind"], (await rig.Runs.Runs.StepsAsync(run.Id, default)).Single(step => step.Step == "remove-old").Values);
    }

    [Fact]
    public async Task A_webhook_that_does_not_take_on_the_new_gateway_takes_everything_back()
    {
        await using var rig = await MigrateRig.CreateAsync(AtOnce);
        await rig.SeedAsync("acme");
        var (before, rows) = (rig.OnOld("acme")!, await rig.RowsAsync("acme"));
        rig.New.SetFault(new() { Kind = FaultKind.Status, Status = 500, Method = "POST", Path = "/webhook/set/*" });
        var run = await rig.MigrateAsync("acme");
        Assert.Equal((RunState.Compensated, "enable-webhook"), (run.State, run.FailedStep));
        await rig.AssertTakenBackAsync("acme", rows, before);
    }

    [Theory]
    [InlineData("evo-3", 400, "has no gateway evo-3")]
    [InlineData("evo-1", 400, "is on evo-1 already")]
    public async Task A_wrong_gateway_is_refused_with_its_path(string to, int status, string why)
    {
        await using var rig = await MigrateRig.CreateAsync();
        await rig.SeedAsync("acme");
        await RefusedAsync(rig, status, why, to);
        var none = Assert.Throws<ProblemException>(() => RunParameters.Read(MigrateRig.Runbook, RunbookRig.Target, null));
        Assert.Equal((400, "$.parameters.toGateway"), (none.Status, none.Field));
    }

    [Fact]
    public async Task A_new_gateway_that_is_not_fit_is_refused_before_there_is_a_run()
    {
        await using var rig = await MigrateRig.CreateAsync();
        await rig.SeedAsync("acme");
        var fault = rig.New.SetFault(new() { Kind = FaultKind.Status, Status = 503, Path = "/" });
        await RefusedAsync(rig, 409, "does not tell its version");
        rig.New.ClearFaults(fault);
        rig.New.ApiKey = "another";
        await RefusedAsync(rig, 409, "refuses its key");
        rig.New.ApiKey = MigrateRig.NewKey;
        rig.New.Seed(new InstanceSeed { Name = "revalya-acme", State = "close" });
        await RefusedAsync(rig, 409, "has revalya-acme already");
        Assert.Empty(await rig.Runs.Runs.ListAsync(new(), default));
        Assert.Empty(MigrateRig.Acts(rig.Old, "acme"));
    }

    [Fact]
    public async Task A_1_8_gateway_is_refused_where_the_webhook_needs_headers()
    {
        await using var rig = await MigrateRig.CreateAsync(newVersion: "1.8.2");
        await rig.SeedAsync("acme");
        await RefusedAsync(rig, 409, "webhook has headers");
    }

    [Fact]
    public async Task No_other_run_touches_the_instance_on_either_gateway_meanwhile()
    {
        await using var rig = await MigrateRig.CreateAsync();
        await rig.SeedAsync("acme");
        var run = await rig.OpenAsync("acme");
        foreach (var gateway in new[] { "evo-1", "evo-2" })
        {
            var refused = await Assert.ThrowsAsync<ProblemException>(() => rig.Runs.OpenAsync(new ResetIntegration(), run.Target with { Gateway = gateway, Parameters = null }));
            Assert.Equal(409, refused.Status);
        }
    }

    private static async Task RefusedAsync(MigrateRig rig, int status, string why, string to = "evo-2")
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => rig.OpenAsync("acme", to));
        Assert.Equal((status, "$.parameters.toGateway"), (refused.Status, refused.Field));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(refused.Fix));
    }

    /// <summary>Looks at both gateways at every moment of every step.</summary>
    private sealed class Watcher(MigrateRig rig, InstanceView before) : IFaultPoints
    {
        private readonly List<string> _wrong = [];
        private bool _proven, _leaving;

        public IReadOnlyList<string> Wrong => _wrong;

        public int Looks { get; private set; }

        public DateTimeOffset? OldDisabledAt { get; private set; }

        public ValueTask ReachAsync(Guid runId, string step, Phase phase, FaultPoint point)
        {
            Looks++;
            if (step == "disable-webhook") _proven = true;
            if (step == "logout-old") _leaving = true;
            var (old, target) = (rig.OnOld("acme"), rig.OnNew("acme"));
            if (old is { WebhookEnabled: true } && target is { WebhookEnabled: true }) _wrong.Add($"both deliver at {step}:{point}");
            if (!_proven && (old != before || MigrateRig.Acts(rig.Old, "acme").Count > 0)) _wrong.Add($"the old one was touched at {step}:{point}");
            if (_proven && target is not { State: "open" }) _wrong.Add($"the new one is not open at {step}:{point}");
            if (!_leaving && old?.State != "open") _wrong.Add($"the old one is not open at {step}:{point}");
            if (old is { WebhookEnabled: false }) OldDisabledAt ??= TimeProvider.System.GetUtcNow();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Does something at one moment.</summary>
    private sealed class At(string step, FaultPoint point, Func<Task> act) : IFaultPoints
    {
        public async ValueTask ReachAsync(Guid runId, string reached, Phase phase, FaultPoint moment)
        {
            if (reached == step && moment == point) await act();
        }
    }
}
