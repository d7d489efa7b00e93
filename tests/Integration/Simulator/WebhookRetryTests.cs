using System.Text.Json;
using WhatsOps.Simulator;
using WhatsOps.Simulator.Webhooks;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>When the simulator tries a webhook again is when the real gateway did.</summary>
public sealed class WebhookRetryTests
{
    // What the recorded gaps hold besides the wait itself: the answer and the timer.
    private const double Slack = 1.0;
    private const double HangTimeout = 60;

    private static readonly JsonElement Timing =
        JsonDocument.Parse(File.ReadAllText(Recording.PathOf("retry-timing.json"))).RootElement.GetProperty("cases");

    public static TheoryData<string> Cases => [.. Timing.EnumerateObject().Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Recorded_gaps_lie_within_the_schedule(string name)
    {
        var recorded = Timing.GetProperty(name);
        var moments = recorded.GetProperty("seconds_after_first").EnumerateArray().Select(one => one.GetDouble()).ToList();
        var timeout = name.StartsWith("rhang", StringComparison.Ordinal) ? HangTimeout : 0;

        Assert.NotEmpty(moments);
        for (var attempt = 1; attempt < moments.Count; attempt++)
        {
            var gap = moments[attempt] - moments[attempt - 1] - timeout;
            Assert.InRange(gap, RetrySchedule.DelayAfter(attempt, 0).TotalSeconds - 0.1, RetrySchedule.DelayAfter(attempt, 1).TotalSeconds + Slack);
        }
    }

    [Theory]
    [InlineData(500, 10)]
    [InlineData(503, 10)]
    [InlineData(429, 10)]
    [InlineData(410, 10)]
    [InlineData(400, 1)]
    [InlineData(401, 1)]
    [InlineData(403, 1)]
    [InlineData(404, 1)]
    [InlineData(422, 1)]
    [InlineData(204, 1)]
    public async Task A_receiver_is_tried_as_often_as_recorded(int status, int attempts)
    {
        await using var hooks = await WebhookReceiver.Answering(status);
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 5000 });
        using var client = new GatewayClient(gateway);

        await client.Create("x", hooks.Url + "/in");
        await Until.True(() => hooks.All.Count == attempts && gateway.PendingDeliveries == 0);

        Assert.Equal(Enumerable.Range(1, attempts), gateway.Deliveries.Select(one => one.Attempt));
        Assert.All(gateway.Deliveries, one => Assert.Equal((status, status == 204), (one.Status, one.Delivered)));
        if (Timing.TryGetProperty($"r{status} instance.create", out var recorded))
            Assert.Equal(recorded.GetProperty("deliveries").GetInt32(), attempts);
    }

    [Fact]
    public async Task A_receiver_that_recovers_gets_the_event_at_the_third_attempt()
    {
        await using var hooks = await WebhookReceiver.StartAsync((context, time) =>
        {
            context.Response.StatusCode = time < 3 ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 1000 });
        using var client = new GatewayClient(gateway);

        await client.Create("x", hooks.Url + "/in");
        await Until.True(() => gateway.Deliveries.Any(one => one.Delivered));

        Assert.Equal(3, hooks.All.Count);
        Assert.Equal(3, gateway.Deliveries.Single(one => one.Delivered).Attempt);
    }

    [Theory]
    [InlineData(302, "GET")]
    [InlineData(307, "POST")]
    public async Task A_redirect_counts_as_delivered_and_a_302_loses_the_event(int status, string method)
    {
        await using var hooks = await WebhookReceiver.StartAsync((context, _) =>
        {
            if (context.Request.Path == "/in")
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "/redirected";
            }
            return Task.CompletedTask;
        });
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 1000 });
        using var client = new GatewayClient(gateway);

        await client.Create("x", hooks.Url + "/in");
        await Until.True(() => gateway.Deliveries.Count == 1);

        Assert.True(gateway.Deliveries.Single().Delivered);
        Assert.Equal(method, hooks.All.Single(one => one.Path == "/redirected").Method);
        Assert.Equal(method == "POST", hooks.All.Single(one => one.Path == "/redirected").Event == "instance.create");
    }

    [Fact]
    public async Task A_receiver_that_hangs_or_refuses_is_tried_again()
    {
        await using var hooks = await WebhookReceiver.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var gateway = await EvolutionSimulator.StartAsync(new()
        {
            TimeScale = 5000,
            WebhookAttempts = 2,
            // Connecting is part of it.
            ShortestWebhookTimeout = TimeSpan.FromSeconds(1.5)
        });
        using var client = new GatewayClient(gateway);

        await client.Create("hanging", hooks.Url + "/in");
        await client.Create("refused", "http://127.0.0.1:9/in");
        await client.Create("nonsense", "not a url");
        await Until.True(() => gateway.Deliveries.Count == 6);

        Assert.All(gateway.Deliveries, one => Assert.Null(one.Status));
        Assert.Equal(2, hooks.All.Count);
    }

    [Fact]
    public async Task Retries_die_with_a_restart_and_so_does_a_removal()
    {
        await using var hooks = await WebhookReceiver.Answering(503);
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 10 });
        using var client = new GatewayClient(gateway);
        await client.Create("x", hooks.Url + "/in");
        await client.Delete("/instance/delete/x");
        await Until.True(() => hooks.All.Count >= 3);
        Assert.Equal(3, gateway.PendingDeliveries);

        await gateway.RestartAsync();

        await Until.True(() => gateway.PendingDeliveries == 0);
        await Until.True(() => gateway.Find("x") is { Loaded: true });
    }
}
