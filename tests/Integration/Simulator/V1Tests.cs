using System.Text.Json;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>The shapes of v1.8 that differ from v2.</summary>
public sealed class V1Tests : IAsyncLifetime
{
    private EvolutionSimulator gateway = null!;
    private GatewayClient client = null!;

    public async ValueTask InitializeAsync()
    {
        gateway = await EvolutionSimulator.StartAsync(new()
        {
            Version = "1.8.6",
            Metrics = true,
            TimeScale = 1000,
            Instances = [new() { Name = "a" }, new() { Name = "b", State = "close" }]
        });
        client = new GatewayClient(gateway);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task The_version_is_told_and_there_are_no_metrics()
    {
        Assert.Equal("1.8.6", (await client.Get("/")).Body.GetProperty("version").GetString());
        Assert.Equal(404, (await client.Get("/metrics")).Status);
    }

    [Fact]
    public async Task Rows_are_nested_and_a_single_match_is_an_object()
    {
        var all = (await client.Get("/instance/fetchInstances")).Body;
        var one = (await client.Get("/instance/fetchInstances?instanceName=b")).Body;

        Assert.Equal(2, all.GetArrayLength());
        Assert.Equal("close", one.GetProperty("instance").GetProperty("status").GetString());
        Assert.Equal("b", one.GetProperty("instance").GetProperty("instanceName").GetString());
    }

    [Fact]
    public async Task Restart_is_put_and_answers_the_state()
    {
        Assert.Equal(404, (await client.Post("/instance/restart/a")).Status);
        var (status, body) = await client.Put("/instance/restart/a");

        Assert.Equal(200, status);
        Assert.Equal("a", body.GetProperty("instance").GetProperty("instanceName").GetString());
    }

    [Fact]
    public async Task The_hash_is_an_object_and_the_webhook_is_flat()
    {
        var created = (await client.Post("/instance/create", new
        {
            instanceName = "n",
            webhook = "http://127.0.0.1:9/x",
            events = new[] { "CALL" }
        })).Body;
        Assert.Equal(JsonValueKind.String, created.GetProperty("hash").GetProperty("apikey").ValueKind);
        Assert.Equal("CALL", (await client.Get("/webhook/find/n")).Body.GetProperty("events")[0].GetString());

        var set = (await client.Post("/webhook/set/b", new
        {
            enabled = true,
            url = "http://127.0.0.1:9/y",
            webhook_by_events = true,
            events = new[] { "CONNECTION_UPDATE" }
        })).Body;
        Assert.Equal("b", set.GetProperty("webhook").GetProperty("instanceName").GetString());
        Assert.True((await client.Get("/webhook/find/b")).Body.GetProperty("webhook_by_events").GetBoolean());
        Assert.False((await client.Get("/webhook/find/a")).Body.GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task A_text_is_nested_in_its_message()
    {
        Assert.Equal(400, (await client.Post("/message/sendText/a", new { number = "5511999990000", text = "hi" })).Status);
        var (status, body) = await client.Post("/message/sendText/a", new { number = "5511999990000", textMessage = new { text = "hi" } });

        Assert.Equal(201, status);
        Assert.Equal("hi", body.GetProperty("message").GetProperty("conversation").GetString());
    }

    [Fact]
    public async Task A_webhook_is_tried_once()
    {
        await using var hooks = await WebhookReceiver.Answering(500);

        await client.Post("/instance/create", new { instanceName = "once", webhook = hooks.Url, events = new[] { "INSTANCE_CREATE" } });
        await Until.True(() => gateway.Deliveries.Count == 1);
        await Until.True(() => gateway.PendingDeliveries == 0);

        Assert.Single(hooks.All);
    }
}
