using System.Text.Json;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>Every fault strikes what it names, as often as it says, and nothing else.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const string State = "/instance/connectionState/a";
    private EvolutionSimulator gateway = null!;
    private GatewayClient client = null!;

    public async ValueTask InitializeAsync()
    {
        gateway = await EvolutionSimulator.StartAsync(new()
        {
            TimeScale = 100,
            Instances = [new() { Name = "a" }, new() { Name = "b" }, new() { Name = "c", State = "close" }]
        });
        client = new GatewayClient(gateway, TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await gateway.DisposeAsync();
    }

    [Fact]
    public async Task A_status_strikes_one_instance_a_number_of_times()
    {
        gateway.SetFault(new() { Kind = FaultKind.Status, Status = 503, Path = "/instance/connectionState/*", Instance = "a", Count = 2, Skip = 1 });

        var a = new List<int>();
        for (var i = 0; i < 5; i++) a.Add((await client.Get(State)).Status);

        Assert.Equal([200, 503, 503, 200, 200], a);
        Assert.Equal(200, (await client.Get("/instance/connectionState/b")).Status);
    }

    [Fact]
    public async Task A_status_comes_in_the_envelope_of_the_gateway()
    {
        gateway.SetFault(new() { Kind = FaultKind.Status, Status = 503 });

        var (_, body) = await client.Get(State);

        Assert.Equal((503, "Service Unavailable"), (body.GetProperty("status").GetInt32(), body.GetProperty("error").GetString()));
    }

    [Fact]
    public async Task A_chance_strikes_some_calls_and_a_cleared_fault_none()
    {
        var id = gateway.SetFault(new() { Kind = FaultKind.Status, Probability = 0.5 });
        var answers = new List<int>();
        for (var i = 0; i < 60; i++) answers.Add((await client.Get(State)).Status);
        Assert.InRange(answers.Count(status => status == 500), 15, 45);

        gateway.ClearFaults(id);

        Assert.Equal(200, (await client.Get(State)).Status);
    }

    [Fact]
    public async Task A_reset_and_a_hang_give_no_answer_and_are_logged_as_0()
    {
        // A client whose patience ends before its call is there has no call in the log.
        using var impatient = new GatewayClient(gateway, TimeSpan.FromSeconds(2));
        gateway.SetFault(new() { Kind = FaultKind.Reset, Count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => client.Get(State));
        gateway.ClearFaults();
        gateway.SetFault(new() { Kind = FaultKind.Hang, Count = 1 });
        await Assert.ThrowsAsync<TaskCanceledException>(() => impatient.Get(State));

        Assert.Equal([0, 0], gateway.Calls.Select(call => call.Status));
        Assert.Equal(200, (await client.Get(State)).Status);
    }

    [Fact]
    public async Task Wrong_truncated_and_huge_bodies_come_with_200()
    {
        gateway.SetFault(new() { Kind = FaultKind.WrongJson, Count = 1 });
        Assert.False((await client.Get(State)).Body.TryGetProperty("instance", out _));
        gateway.ClearFaults();
        gateway.SetFault(new() { Kind = FaultKind.TruncatedJson, Count = 1 });
        await Assert.ThrowsAsync<JsonException>(() => client.Get(State));
        gateway.ClearFaults();
        gateway.SetFault(new() { Kind = FaultKind.HugeBody, Count = 1, Bytes = 3_000_000 });
        Assert.Equal(3_000_000, (await client.Text(State)).Length);
    }

    [Fact]
    public async Task A_slow_answer_is_right()
    {
        gateway.SetFault(new() { Kind = FaultKind.Slow, Delay = TimeSpan.FromMilliseconds(150) });
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal("open", (await client.Get(State)).Body.GetProperty("instance").GetProperty("state").GetString());

        Assert.True(watch.ElapsedMilliseconds >= 140, $"{watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task After_acting_the_effect_is_there_and_the_answer_is_not()
    {
        gateway.SetFault(new() { Kind = FaultKind.Reset, Method = "DELETE", AfterActing = true });

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Delete("/instance/logout/a"));

        Assert.Equal("close", gateway.Find("a")!.State);
        Assert.True(gateway.Calls.Single().Acted);
    }

    [Theory]
    [InlineData("DELETE", "/instance/logout/a", 200)]
    [InlineData("DELETE", "/instance/delete/a", 200)]
    [InlineData("POST", "/instance/restart/a", 200)]
    [InlineData("POST", "/webhook/set/a", 201)]
    [InlineData("POST", "/instance/create", 201)]
    public async Task Pretending_answers_success_and_changes_nothing(string method, string path, int status)
    {
        gateway.SetFault(new() { Kind = FaultKind.Pretend });
        var before = gateway.Instances;

        var body = path.EndsWith("create", StringComparison.Ordinal)
            ? (object)new { instanceName = "new", integration = "WHATSAPP-BAILEYS" }
            : new { webhook = new { enabled = true, url = "http://127.0.0.1:9/x", events = new[] { "CALL" } } };
        var answer = method == "DELETE" ? await client.Delete(path) : await client.Post(path, body);

        Assert.Equal(status, answer.Status);
        await Task.Delay(100);
        Assert.Equal(before, gateway.Instances);
        Assert.False(gateway.Calls.Single().Acted);
    }

    [Fact]
    public async Task A_zombie_says_open_and_does_nothing_until_the_gateway_restarts()
    {
        gateway.SetZombie("a");

        Assert.Equal(200, (await client.Delete("/instance/logout/a")).Status);
        Assert.Equal(200, (await client.Post("/instance/restart/a")).Status);
        Assert.Equal(200, (await client.Delete("/instance/delete/a")).Status);
        await Task.Delay(100);
        Assert.Equal("open", (await client.Get(State)).Body.GetProperty("instance").GetProperty("state").GetString());
        Assert.DoesNotContain(gateway.Calls, call => call.Acted);

        await gateway.RestartAsync();
        await Until.True(() => gateway.Find("a") is { State: "open", Zombie: false });
        Assert.True((await client.Delete("/instance/logout/a")).Status == 200 && gateway.Find("a")!.State == "close");
    }

    [Fact]
    public async Task A_changed_key_refuses_the_old_one()
    {
        gateway.ApiKey = "another";

        Assert.Equal(401, (await client.Get("/instance/fetchInstances")).Status);
        Assert.Equal(404, (await client.Get("/instance/connectionState/nobody")).Status);
    }

    [Fact]
    public async Task A_gateway_that_is_down_cuts_the_connection()
    {
        var restart = gateway.RestartAsync(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Get(State));

        await restart;
        await Until.True(() => gateway.Find("a")!.State == "open");
        Assert.Equal(200, (await client.Get(State)).Status);
    }

    [Fact]
    public async Task A_redirected_webhook_counts_as_delivered_and_never_arrives()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        gateway.SetFault(new() { Kind = FaultKind.WebhookRedirect, Path = "instance.create" });
        gateway.SetFault(new() { Kind = FaultKind.WebhookSilence, Path = "instance.delete" });

        await client.Create("x", hooks.Url);
        await client.Delete("/instance/delete/x");
        await Until.True(() => gateway.Find("x") is null);

        Assert.Equal(["remove.instance"], hooks.All.Select(one => one.Event));
        Assert.Equal([(302, true), (200, true)], gateway.Deliveries.Select(one => (one.Status!.Value, one.Delivered)));
    }
}
