using System.Diagnostics;
using System.Text.Json;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>Behaviour that no single recorded exchange shows.</summary>
public sealed class GatewayBehaviourTests
{
    [Fact]
    public async Task Without_whatsapp_every_instance_storms_until_it_is_back()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new()
        {
            TimeScale = 100,
            Instances = [Hooked("a", hooks), Hooked("b", hooks), Hooked("off", hooks) with { State = "close" }]
        });

        gateway.SetWhatsAppReachable(WhatsAppReachability.Refused);
        var watch = Stopwatch.StartNew();
        await Until.True(() => hooks.Of("a").Count() >= 30 && hooks.Of("b").Any());
        Assert.InRange(hooks.Of("a").Count() / watch.Elapsed.TotalSeconds, 0, 38);
        Assert.Empty(hooks.Of("off"));
        Assert.Equal(("close", "open"), (gateway.Find("a")!.State, gateway.Find("a")!.ConnectionStatus));

        gateway.SetWhatsAppReachable(WhatsAppReachability.Normal);
        await Until.True(() => gateway.Find("a")!.State == "open");
        await Until.True(() => gateway.PendingDeliveries == 0);
        Assert.Single(hooks.Of("a"), one => one.State == "open");
    }

    [Fact]
    public async Task One_instance_can_storm_while_the_others_work()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 100, Instances = [Hooked("a", hooks), Hooked("b", hooks)] });

        gateway.SetWhatsAppReachable(WhatsAppReachability.Refused, "a");
        gateway.StartTraffic(100);
        await Until.True(() => hooks.Of("a").Count() > 5 && hooks.Of("b").Count() > 5);

        Assert.All(hooks.Of("b"), one => Assert.Equal("messages.upsert", one.Event));
        Assert.All(hooks.Of("a"), one => Assert.Equal("connection.update", one.Event));
    }

    [Fact]
    public async Task A_patient_phone_scans_every_code()
    {
        await using var gateway = await EvolutionSimulator.StartAsync(new()
        {
            TimeScale = 100,
            AutoScanAfter = TimeSpan.FromSeconds(3),
            Instances = [new() { Name = "a", State = "close" }]
        });
        using var client = new GatewayClient(gateway);

        await client.Get("/instance/connect/a");
        await Until.True(() => gateway.Find("a") is { State: "open", Paired: true });

        Assert.Equal("open", (await client.Get("/instance/connect/a")).Body.GetProperty("instance").GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_row_that_is_not_loaded_is_deleted_without_a_word()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new() { Instances = [Hooked("a", hooks) with { Loaded = false }] });
        using var client = new GatewayClient(gateway);

        Assert.Equal(200, (await client.Delete("/instance/delete/a")).Status);
        await Until.True(() => gateway.Find("a") is null);

        Assert.Empty(gateway.Deliveries);
    }

    [Fact]
    public async Task An_instance_deleted_in_a_storm_goes_on_unseen_until_a_restart()
    {
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 100, Instances = [new() { Name = "a" }] });
        using var client = new GatewayClient(gateway);
        gateway.SetWhatsAppReachable(WhatsAppReachability.Refused);

        await client.Delete("/instance/delete/a");
        await Until.True(() => gateway.Find("a") is null);
        Assert.Equal(1, gateway.Ghosts);

        await gateway.RestartAsync();
        Assert.Equal(0, gateway.Ghosts);
    }

    [Fact]
    public async Task A_lost_connection_shows_as_connecting_then_open_and_never_as_close()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 10, Instances = [Hooked("a", hooks)] });

        gateway.Drop("a");
        await Until.True(() => hooks.All.Count == 2);

        Assert.Equal(["connecting", "open"], hooks.All.Select(one => one.State).Order());
        Assert.Equal("open", gateway.Find("a")!.State);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_kick_ends_the_session_with_its_reason(int code)
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 10, Instances = [Hooked("a", hooks)] });
        using var client = new GatewayClient(gateway);

        gateway.Kick("a", code);
        await Until.True(() => hooks.All.Count == 3);

        Assert.Equal(["connection.update", "logout.instance", "status.instance"], hooks.All.Select(one => one.Event).Order());
        var row = (await client.Get("/instance/fetchInstances?instanceName=a")).Body[0];
        Assert.Equal(code, row.GetProperty("disconnectionReasonCode").GetInt32());
        using var why = JsonDocument.Parse(row.GetProperty("disconnectionObject").GetString()!);
        Assert.Equal(code, why.RootElement.GetProperty("error").GetProperty("output").GetProperty("statusCode").GetInt32());
    }

    [Fact]
    public async Task A_share_of_the_rows_lies_about_the_state()
    {
        await using var gateway = await EvolutionSimulator.StartAsync(new()
        {
            LyingShare = 0.2,
            Instances = [.. Enumerable.Range(0, 500).Select(i => new InstanceSeed { Name = $"i{i}" })]
        });

        Assert.InRange(gateway.Instances.Count(one => one.ConnectionStatus != one.State), 60, 140);
        Assert.All(gateway.Instances, one => Assert.Equal("open", one.State));
    }

    [Fact]
    public async Task Metrics_are_404_unless_switched_on()
    {
        await using var without = await EvolutionSimulator.StartAsync();
        await using var with = await EvolutionSimulator.StartAsync(new()
        {
            Metrics = true,
            Instances = [new() { Name = "a" }, new() { Name = "b", State = "close" }]
        });
        using var first = new GatewayClient(without);
        using var second = new GatewayClient(with);

        Assert.Equal(404, (await first.Get("/metrics")).Status);
        var text = await second.Text("/metrics");
        Assert.Contains("evolution_instances_total 2\n", text, StringComparison.Ordinal);
        Assert.Contains("evolution_instance_up{instance=\"a\",integration=\"WHATSAPP-BAILEYS\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("evolution_instance_state{instance=\"b\",integration=\"WHATSAPP-BAILEYS\",state=\"close\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Customers_write_at_the_rate_asked_for()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new()
        {
            Instances = [Hooked("a", hooks), Hooked("b", hooks), Hooked("off", hooks) with { State = "close" }]
        });

        var watch = Stopwatch.StartNew();
        gateway.StartTraffic(perInstancePerSecond: 100);
        await Until.True(() => gateway.MessagesSent >= 100);
        gateway.StopTraffic();

        await Until.True(() => hooks.All.Count == gateway.MessagesSent);
        Assert.InRange(gateway.MessagesSent, 100, 200 * watch.Elapsed.TotalSeconds + 10);
        Assert.All(hooks.All, one => Assert.Equal("messages.upsert", one.Event));
        Assert.Empty(hooks.Of("off"));
    }

    [Fact]
    public async Task Ten_thousand_instances_on_twenty_gateways_start_and_answer_at_once()
    {
        var watch = Stopwatch.StartNew();
        var fleet = Enumerable.Range(0, 500).Select(i => new InstanceSeed { Name = $"revalya-tenant-{i}" }).ToArray();
        var gateways = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            EvolutionSimulator.StartAsync(new() { Instances = fleet, RandomSeed = i, Latency = TimeSpan.FromMilliseconds(5) })));
        try
        {
            var rows = await Task.WhenAll(gateways.Select(async gateway =>
            {
                using var client = new GatewayClient(gateway);
                return (await client.Get("/instance/fetchInstances")).Body.GetArrayLength();
            }));
            Assert.Equal(10_000, rows.Sum());
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed.TotalSeconds:0.0} s");
        }
        finally
        {
            foreach (var gateway in gateways) await gateway.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_fleet()
    {
        InstanceSeed[] fleet = [.. Enumerable.Range(0, 50).Select(i => new InstanceSeed { Name = $"i{i}" })];
        await using var one = await EvolutionSimulator.StartAsync(new() { RandomSeed = 7, LyingShare = 0.3, Instances = fleet });
        await using var same = await EvolutionSimulator.StartAsync(new() { RandomSeed = 7, LyingShare = 0.3, Instances = fleet });
        await using var other = await EvolutionSimulator.StartAsync(new() { RandomSeed = 8, LyingShare = 0.3, Instances = fleet });

        Assert.Equal(one.Instances, same.Instances);
        Assert.NotEqual(one.Instances, other.Instances);
    }

    private static InstanceSeed Hooked(string name, WebhookReceiver hooks) => new() { Name = name, Webhook = new() { Url = hooks.Url + "/" + name } };
}
