using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class PairingLinkTests
{
    private static readonly Runbook Runbook = new Reauthenticate();

    [Fact]
    public async Task A_link_lives_thirty_minutes_and_not_one_second_more()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", "connecting");
        var run = await rig.OpenAsync(Runbook, "acme");
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var process = rig.Runs.Process(services => services.AddSingleton<TimeProvider>(time));
        var link = await MakeAsync(process, run);
        Assert.Equal(time.GetUtcNow() + TimeSpan.FromMinutes(30), link.ExpiresAt);
        Assert.StartsWith("http://127.0.0.1:9/api/pair/", link.Url, StringComparison.Ordinal);

        time.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        Assert.Equal("acme", await process.GetRequiredService<PairingDesk>().TenantAsync(Token(link), default));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await process.GetRequiredService<PairingDesk>().TenantAsync(Token(link), default));
        Assert.Null(await process.GetRequiredService<PairingDesk>().ViewAsync(Token(link), default));
    }

    [Fact]
    public async Task A_link_never_outlives_the_step_that_waits()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", "connecting");
        var run = await rig.OpenAsync(Runbook, "acme");
        await StandAsync(rig, run, "now() + interval '7 minutes'");
        var link = await MakeAsync(rig.Runs.Services, run);
        Assert.InRange(link.ExpiresAt - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(7));
    }

    [Fact]
    public async Task Of_the_token_the_database_has_only_the_digest_and_the_audit_who_made_it()
    {
        await using var rig = await ResetRig.CreateAsync();
        await rig.SeedAsync("acme", "connecting");
        var run = await rig.OpenAsync(Runbook, "acme");
        var (one, two) = (await MakeAsync(rig.Runs.Services, run), await MakeAsync(rig.Runs.Services, run));
        Assert.NotEqual(one.Url, two.Url);
        Assert.Equal(43, Token(one).Length);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(Token(one))));
        Assert.Equal(1L, await rig.Runs.ScalarAsync<long>($"SELECT count(*) FROM whatsops.links WHERE encode(token_hash, 'hex') = '{digest}' AND purpose = 'pairing' AND created_by = 'ana'"));
        var stored = await rig.Runs.ScalarAsync<string>("SELECT concat((SELECT jsonb_agg(l) FROM whatsops.links l), (SELECT jsonb_agg(t) FROM whatsops.audit_trail t))");
        Assert.DoesNotContain(Token(one), stored, StringComparison.Ordinal);
        Assert.DoesNotContain(Token(one), one.ToString(), StringComparison.Ordinal);
        Assert.Equal(2L, await rig.Runs.ScalarAsync<long>("SELECT count(*) FROM whatsops.audit_trail WHERE action = 'run.link' AND by = 'ana'"));
    }

    [Fact]
    public async Task The_page_shows_the_next_code_before_the_old_one_ends_and_looking_uses_nothing_up()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.01, options: new() { QrLife = TimeSpan.FromMilliseconds(450) });
        await rig.SeedAsync("acme");
        var run = await rig.OpenAsync(Runbook, "acme");
        var link = await MakeAsync(rig.Runs.Services, run);
        var desk = rig.Runs.Get<PairingDesk>();
        // Before the run asks for it there is a page, and no code.
        Assert.Equal("preparing", (await desk.ViewAsync(Token(link), default))!.State);
        var driving = rig.Runs.DriveAsync(run, Runbook);
        var seen = new HashSet<string>();
        await Until.TrueAsync(async () =>
        {
            if (await desk.ViewAsync(Token(link), default) is { State: "scan", Qr: { } qr } view)
            {
                seen.Add(qr);
                Assert.InRange(view.CodeSeconds!.Value, 0, 45);
            }

            return seen.Count >= 3;
        });
        Assert.Equal("acme", await desk.TenantAsync(Token(link), default));
        Assert.Equal(0L, await rig.Runs.ScalarAsync<long>("SELECT count(*) FROM whatsops.links WHERE used_at IS NOT NULL"));
        await ScanAsync(rig);

        Assert.Equal(RunState.Completed, await driving);
        Assert.Equal("connected", (await desk.ViewAsync(Token(link), default))!.State);
        // Used: the page itself is as unknown as any other.
        Assert.Null(await desk.TenantAsync(Token(link), default));
    }

    [Theory]
    [InlineData(119, "connected")]
    [InlineData(121, null)]
    public async Task A_page_that_is_open_learns_the_end_for_two_minutes(int seconds, string? state)
    {
        await using var rig = await ResetRig.CreateAsync(TimeSpan.FromMilliseconds(50));
        await rig.SeedAsync("acme");
        var run = await rig.OpenAsync(Runbook, "acme");
        var link = await MakeAsync(rig.Runs.Services, run);
        Assert.Equal(RunState.Completed, await rig.Runs.DriveAsync(run, Runbook));
        await rig.Runs.Get<RunReconciler>().ReconcileAsync(rig.Runs.Client.Object, default);
        var used = await rig.Runs.ScalarAsync<DateTime>("SELECT used_at FROM whatsops.links");
        Assert.Equal(used, await rig.Runs.ScalarAsync<DateTime>("SELECT ended_at FROM whatsops.run_steps WHERE step = 'scan-qr'"));

        var process = rig.Runs.Process(services => services.AddSingleton<TimeProvider>(new FakeTimeProvider(new DateTimeOffset(used, TimeSpan.Zero).AddSeconds(seconds))));
        Assert.Equal(state, (await process.GetRequiredService<PairingDesk>().ViewAsync(Token(link), default))?.State);
    }

    [Fact]
    public async Task The_end_of_the_run_ends_its_links_and_makes_no_new_ones()
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 0.001);
        await rig.SeedAsync("acme");
        var run = await rig.OpenAsync(Runbook, "acme");
        var link = await MakeAsync(rig.Runs.Services, run);
        Assert.Equal(RunState.NeedsPairing, await rig.Runs.DriveAsync(run, Runbook));
        Assert.Equal("over", (await rig.Runs.Get<PairingDesk>().ViewAsync(Token(link), default))!.State);
        Assert.Null(await rig.Runs.Get<PairingDesk>().TenantAsync(Token(link), default));
        run = (await rig.Runs.Runs.FindAsync(run.Id, default))!;
        Assert.Equal(409, (await Assert.ThrowsAsync<ProblemException>(() => MakeAsync(rig.Runs.Services, run))).Status);
    }

    [Fact]
    public async Task Without_a_public_address_there_is_no_link_and_the_alerts_own_comes_first()
    {
        await using var rig = await ResetRig.CreateAsync(webhook: new() { DeliverTo = "none" });
        await rig.SeedAsync("acme", "connecting");
        var run = await rig.OpenAsync(Runbook, "acme");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => MakeAsync(rig.Runs.Services, run));
        Assert.Equal((409, "$.alerts.publicUrl"), (refused.Status, refused.Field));
        rig.Runs.Fleet.Document = rig.Runs.Fleet.Document with { Alerts = new() { PublicUrl = "https://ops.example.com/" } };
        Assert.StartsWith("https://ops.example.com/api/pair/", (await MakeAsync(rig.Runs.Services, run)).Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'--")]
    public async Task A_token_that_never_was_is_unknown(string token)
    {
        await using var rig = await RunbookRig.CreateAsync();
        Assert.Null(await rig.Get<PairingLinks>().FindAsync(token, default));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_run_that_policy_started_tells_people_how_to_make_a_link_and_one_that_a_person_started_does_not(bool byPolicy)
    {
        await using var rig = await ResetRig.CreateAsync(timeScale: 1);
        await rig.SeedAsync("acme", "connecting");
        var run = await rig.OpenAsync(Runbook, "acme");
        if (byPolicy) await rig.Runs.ExecuteAsync("UPDATE whatsops.runs SET requested_by = 'policy'");
        await StandAsync(rig, run, "now() + interval '20 minutes'");
        await rig.Runs.Get<RunReconciler>().ReconcileAsync(rig.Runs.Client.Object, default);
        await rig.Runs.Get<RunReconciler>().ReconcileAsync(rig.Runs.Client.Object, default);
        var told = await rig.Runs.Get<IFindings>().ListAsync(new(Kind: "run_waiting_person"), default);
        Assert.Equal(byPolicy ? 1 : 0, told.Count);
        if (!byPolicy) return;
        Assert.EndsWith($"./whatsops runbooks link {run.Id}", told[0].Cause, StringComparison.Ordinal);
        await rig.Runs.Get<RunNotices>().EndedAsync(run, default);
        Assert.Empty(await rig.Runs.Get<IFindings>().ListAsync(new(Kind: "run_waiting_person"), default));
    }

    private static Task<NewPairingLink> MakeAsync(IServiceProvider process, Run run) => process.GetRequiredService<PairingLinks>().MakeAsync(run, RunbookRig.Ana, default);

    private static string Token(NewPairingLink link) => link.Url[(link.Url.LastIndexOf('/') + 1)..];

    // At the scan, without a motor.
    private static Task StandAsync(ResetRig rig, Run run, string due) => rig.Runs.ExecuteAsync(
        $"""
        UPDATE whatsops.runs SET state = 'waiting_person', current_step = 'scan-qr';
        INSERT INTO whatsops.run_steps (run_id, step, phase, status, attempts, first_at, began_at, due_at) VALUES ('{run.Id}', 'scan-qr', 'probe', 'waiting', 1, now(), now(), {due})
        """);

    // Codes change quickly here: a scan may come between two of them.
    private static async Task ScanAsync(ResetRig rig)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await rig.Gateway.ScanAsync("revalya-acme");
                return;
            }
            catch (InvalidOperationException) when (attempt < 20)
            {
                await Task.Delay(20);
            }
        }
    }
}
