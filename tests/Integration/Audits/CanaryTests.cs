using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using WhatsOps.Audits;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Events;

namespace WhatsOps.Tests.Integration.Audits;

/// <summary>A suspected zombie is tested by a message to itself, whose webhook goes through the real receiver.</summary>
public sealed class CanaryTests : IAsyncDisposable
{
    private const string Number = "5511988887777";
    private AuditWorld world = null!;
    private ReceiverHost receiver = null!;
    private bool busy;

    public async ValueTask DisposeAsync()
    {
        await receiver.DisposeAsync();
        await world.DisposeAsync();
    }

    [Fact]
    public async Task A_zombie_is_shown_by_the_echo_that_does_not_come_and_after_a_restart_shown_alive()
    {
        await StartAsync();
        await SilentAsync("dead", zombie: true);
        await SweepAsync();
        Assert.Equal("a canary follows when nothing forbids one.", Assert.Single(await world.OpenAsync("instance_zombie_suspected")).Cause.Split(": ")[^1]);
        Assert.Equal(1, Texts);

        // Before the wait is over nothing is judged, and nothing is sent twice.
        await SweepAsync(TimeSpan.FromSeconds(40));
        Assert.Empty(await world.OpenAsync("instance_zombie"));
        await SweepAsync(TimeSpan.FromSeconds(30));
        var finding = Assert.Single(await world.OpenAsync("instance_zombie"));
        Assert.Equal(("revalya-dead", Severity.High, "restart-instance"), (finding.Instance, finding.Severity, finding.Remedy));
        Assert.Equal(("accepted", 1), (finding.Evidence["answer"], Texts));

        // A new connection: nothing is restarted again before another canary has told whether it helped.
        world.Gateways[0].SetZombie("revalya-dead", false);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await StateAsync("dead", InstanceState.Connecting);
        await StateAsync("dead", InstanceState.Open);
        await SweepAsync();
        Assert.Null(Assert.Single(await world.OpenAsync("instance_zombie")).Remedy);
        Assert.Equal(2, Texts);
        await EchoedAsync(1);
        await SweepAsync();
        await SweepAsync();
        Assert.Empty(await world.OpenAsync("instance_zombie"));
        Assert.Empty(await world.OpenAsync("instance_zombie_suspected"));
        Assert.Equal(["zombie", "alive"], await VerdictsAsync());
        await NothingTellsTheNumberAsync();
    }

    [Fact]
    public async Task A_quiet_line_is_cleared_by_its_echo()
    {
        await StartAsync();
        await SilentAsync("quiet");
        await SweepAsync();
        Assert.Single(await world.OpenAsync("instance_zombie_suspected"));
        await EchoedAsync(1);
        for (var i = 0; i < 3; i++) await SweepAsync();

        Assert.Empty(await world.OpenAsync("instance_zombie_suspected"));
        Assert.Empty(await world.OpenAsync("instance_zombie"));
        Assert.Equal(("alive", 1), (Assert.Single(await VerdictsAsync()), Texts));
        await NothingTellsTheNumberAsync();
    }

    [Fact]
    public async Task Where_no_webhook_of_the_gateway_arrives_its_silence_proves_nothing()
    {
        await StartAsync(busy: false);
        await SilentAsync("dead", zombie: true);
        await SweepAsync();
        await SweepAsync(TimeSpan.FromMinutes(5));
        await SweepAsync();

        Assert.Empty(await world.OpenAsync("instance_zombie"));
        Assert.Contains("no webhook of the whole gateway came", Assert.Single(await world.OpenAsync("instance_zombie_suspected")).Cause, StringComparison.Ordinal);
        Assert.Equal(("inconclusive", 1), (Assert.Single(await VerdictsAsync()), Texts));
    }

    [Fact]
    public async Task A_gateway_of_1_x_is_sent_its_own_shape_and_shows_a_zombie_by_refusing()
    {
        await StartAsync(version: "1.8.6");
        await SilentAsync("dead");
        world.Gateways[0].SetFault(new Fault { Kind = FaultKind.Status, Method = "POST", Path = "/message/sendText/*", Status = 500 });
        await SweepAsync();
        await SweepAsync(TimeSpan.FromSeconds(70));

        var finding = Assert.Single(await world.OpenAsync("instance_zombie"));
        Assert.Equal("refused", finding.Evidence["answer"]);
        Assert.Contains("refuses to send a text: HTTP 500", finding.Cause, StringComparison.Ordinal);

        // Accepted, its webhooks carry no proof: nothing can be told.
        world.Gateways[0].ClearFaults();
        await SilentAsync("other");
        await SweepAsync();
        await SweepAsync(TimeSpan.FromSeconds(70));
        Assert.Equal(["zombie", "inconclusive"], await VerdictsAsync());
        Assert.Equal(201, world.Gateways[0].Calls.Last(IsText).Status);
    }

    [Fact]
    public async Task The_budget_of_an_hour_is_kept()
    {
        await StartAsync(new CanaryOptions { PerHour = 1 });
        await SilentAsync("first");
        await SilentAsync("second");
        await SweepAsync();
        await SweepAsync(TimeSpan.FromMinutes(59));
        Assert.Equal(1, Texts);
        await SweepAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(2, Texts);
    }

    [Fact]
    public async Task Nothing_is_sent_when_absent_off_paused_or_under_maintenance()
    {
        await StartAsync(null);
        await SilentAsync("dead");
        await SweepAsync();
        world.Fleet = world.Fleet with { Canary = new() { Enabled = false } };
        await SweepAsync();
        world.Fleet = world.Fleet with { Canary = new(), MaintenanceWindows = [new() { From = new(0, 0), To = TimeOnly.MaxValue, Tenants = ["dead"] }] };
        await SweepAsync();
        world.Fleet = world.Fleet with { MaintenanceWindows = [] };
        await world.Get<IPauses>().PauseAsync(AuditWorld.System, "ana", null, default);
        await SweepAsync();
        Assert.Equal(0, Texts);

        await world.Get<IPauses>().ResumeAsync(AuditWorld.System, "ana", default);
        world.Time.Advance(TimeSpan.FromSeconds(10));
        await SweepAsync();
        Assert.Equal(1, Texts);
    }

    [Fact]
    public async Task Without_an_own_number_nothing_is_sent_and_the_suspicion_says_so()
    {
        await StartAsync();
        await SilentAsync("dead", owner: "");
        await SweepAsync();
        await SweepAsync();

        Assert.Contains("does not know the instance's own number", Assert.Single(await world.OpenAsync("instance_zombie_suspected")).Cause, StringComparison.Ordinal);
        Assert.Equal((0, "inconclusive"), (Texts, Assert.Single(await VerdictsAsync())));
    }

    [Fact]
    public async Task Many_silent_at_once_are_not_tested()
    {
        await StartAsync();
        foreach (var slug in (string[])["a", "b", "c"]) await SilentAsync(slug);
        await SweepAsync();
        Assert.Null(Assert.Single(await world.OpenAsync("instance_zombie_suspected")).Tenant);
        Assert.Equal(0, Texts);
    }

    [Fact]
    public async Task A_process_that_dies_after_sending_sends_no_second_message()
    {
        await StartAsync();
        await SilentAsync("dead", zombie: true);
        var real = world.Get<IGateways>();
        var dying = new Mock<IGateway>();
        dying.Setup(gateway => gateway.WebhookAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns((string instance, CancellationToken stop) => real.Open(world.Fleet, world.Fleet.Gateways[0]).WebhookAsync(instance, stop));
        dying.Setup(gateway => gateway.SendToSelfAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<CancellationToken>())).Returns(async (string instance, string text, CancellationToken stop) =>
        {
            await real.Open(world.Fleet, world.Fleet.Gateways[0]).SendToSelfAsync(instance, text, stop);
            throw new InvalidOperationException("killed");
        });
        var gateways = Mock.Of<IGateways>(all => all.OpenForSweep(It.IsAny<FleetSystem>(), It.IsAny<GatewayEndpoint>()) == dying.Object);
        var desk = new CanaryDesk(world.Get<CanaryStore>(), gateways, world.Get<EventTraffic>(), world.Get<IPauses>(), world.Time, NullLogger<CanaryDesk>.Instance);
        var all = await world.Get<IInstanceStates>().ListAsync(AuditWorld.System, default);
        await desk.SendAsync(world.Fleet, [.. all.Where(status => status.Tenant == "dead")], Enumerable.Empty<Canary>().ToLookup(canary => canary.Instance), default);
        Assert.Equal(1, Texts);

        await SweepAsync();
        await SweepAsync(TimeSpan.FromMinutes(3));
        await SweepAsync(TimeSpan.FromMinutes(3));
        Assert.Equal((1, "inconclusive"), (Texts, Assert.Single(await VerdictsAsync())));
        Assert.Contains("stopped while it was sending", Assert.Single(await world.OpenAsync("instance_zombie_suspected")).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_watches_at_once_send_one_message()
    {
        await StartAsync();
        await SilentAsync("dead", zombie: true);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WatchAsync()));
        Assert.Equal(1, Texts);
    }

    private int Texts => world.Gateways[0].Calls.Count(IsText);

    private static bool IsText(Call call) => call.Path.StartsWith("/message/sendText/", StringComparison.Ordinal);

    private Task StartAsync(bool busy = true, string version = "2.3.6") => StartAsync(new CanaryOptions(), busy, version);

    private async Task StartAsync(CanaryOptions? canary, bool busy = true, string version = "2.3.6")
    {
        world = await AuditWorld.StartAsync(shape: (_, options) => options with { Version = version });
        receiver = await ReceiverHost.StartWithAsync(ReceiverHost.Fleet() with { Systems = [world.Fleet] }, world.Operations.ConnectionString, world.Time);
        world.Fleet = world.Fleet with
        {
            Canary = canary,
            Webhook = world.Fleet.Webhook with { BaseUrl = receiver.Client.BaseAddress!.ToString().TrimEnd('/'), Events = ["CONNECTION_UPDATE", "QRCODE_UPDATED", "SEND_MESSAGE"] },
        };
        this.busy = busy;
        for (var i = 0; i < 6; i++) await StateAsync($"busy{i}", InstanceState.Open, busy ? "webhook" : "list");
    }

    // Open, and silent for two hours where it never was for more than 40 minutes.
    private async Task SilentAsync(string slug, bool zombie = false, string owner = Number)
    {
        var webhook = await world.WebhookAsync(slug) with { Url = $"{world.Fleet.Webhook.BaseUrl}/api/whatsapp/webhook/{slug}" };
        world.Gateways[0].Seed(new InstanceSeed { Name = $"revalya-{slug}", Owner = owner, Zombie = zombie, Webhook = webhook });
        await StateAsync(slug, InstanceState.Open, "list");
        var now = world.Time.GetUtcNow();
        for (var week = 1; week <= 3; week++)
            for (var minutes = -20; minutes <= 180; minutes += 40) await world.EventAsync(slug, $"revalya-{slug}", now.AddDays(-7 * week).AddMinutes(minutes), foreign: false);
        await world.EventAsync(slug, $"revalya-{slug}", now.AddHours(-2.1), foreign: false);
        await world.ExecuteAsync(world.Operations.DataSource, $"UPDATE whatsops.instances SET last_event_at = '{now.AddHours(-2.1):O}' WHERE instance = 'revalya-{slug}'");
    }

    private Task StateAsync(string slug, InstanceState state, string source = "list")
    {
        world.Time.Advance(TimeSpan.FromSeconds(1));
        return world.Get<IInstanceStates>().RecordAsync([new InstanceSighting(AuditWorld.System, slug, "gw0", $"revalya-{slug}", state, world.Time.GetUtcNow(), source, null)], default);
    }

    private async Task SweepAsync(TimeSpan? after = null)
    {
        world.Time.Advance(after ?? TimeSpan.FromMinutes(1));
        if (busy) await StateAsync("busy0", InstanceState.Open, "webhook");
        await WatchAsync();
    }

    private Task WatchAsync() => world.GetAll<IAfterSweep>().OfType<ZombieWatch>().Single().SweptAsync(new(Guid.NewGuid(), default, default, HealthStatus.Healthy, true, []), default);

    private async Task EchoedAsync(int count) => await Waiting(async () => await receiver.CountAsync("events", "event = 'send.message' AND message_id IS NOT NULL") >= count);

    private static async Task Waiting(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 1200 && !await condition(); i++) await Task.Delay(25);
        Assert.True(await condition());
    }

    private async Task<IReadOnlyList<string>> VerdictsAsync()
    {
        await using var command = world.Operations.DataSource.CreateCommand("SELECT verdict FROM whatsops.canaries ORDER BY claimed_at");
        await using var row = await command.ExecuteReaderAsync();
        var verdicts = new List<string>();
        while (await row.ReadAsync()) verdicts.Add(row.IsDBNull(0) ? "open" : row.GetString(0));
        return verdicts;
    }

    private async Task NothingTellsTheNumberAsync()
    {
        foreach (var table in (string[])["canaries", "findings", "finding_changes", "gateway_calls", "events"])
            Assert.Equal(0L, await receiver.CountAsync(table, string.Create(CultureInfo.InvariantCulture, $"position('{Number}' IN {table}::text) > 0")));
        Assert.DoesNotContain(world.Logged, line => line.Contains(Number, StringComparison.Ordinal));
    }
}
