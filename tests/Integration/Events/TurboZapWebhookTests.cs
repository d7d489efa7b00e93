using System.Text;
using WhatsOps.Simulator;
using WhatsOps.Simulator.TurboZap;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>TurboZap's webhooks through HTTP into the log, as its dispatcher sends them.</summary>
public sealed class TurboZapWebhookTests : IAsyncLifetime
{
    private const string Instance = "shop-acme";
    private TestDatabase _database = null!;
    private ReceiverHost _host = null!;
    private TurboZapSimulator _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.OperationsAsync();
        _host = await ReceiverHost.StartAsync(_database.ConnectionString);
        // In real time: a first request may take a cold host some seconds.
        _gateway = await TurboZapSimulator.StartAsync(retryScale: 1);
        await _gateway.SeedAsync(Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Every_dress_of_an_event_is_stored_with_its_state_and_body(bool byEvents, bool base64)
    {
        Hook(await _host.SecretAsync("acme"), byEvents, base64);
        await _gateway.KickAsync(Instance);

        Assert.Equal([("connection.update", 1, 200)], _gateway.Sent);
        Assert.Equal(
            "connection.update shop-acme close 401 none",
            await _host.ScalarAsync<string>("SELECT concat_ws(' ', event, instance, state, reason, coalesce(problem, 'none')) FROM whatsops.events"));
        // What is kept is the JSON, a quarter shorter than its base64, and what encrypting adds.
        Assert.Equal(base64, await _host.ScalarAsync<bool>("SELECT octet_length(body) < size FROM whatsops.events JOIN whatsops.event_bodies USING (received_at, id)"));
        Assert.True(await _host.ScalarAsync<bool>("SELECT abs(extract(epoch FROM gateway_time - received_at)) < 60 FROM whatsops.events"));
    }

    [Fact]
    public async Task A_code_that_is_told_twice_is_stored_once()
    {
        Hook(await _host.SecretAsync("acme"));
        await _gateway.KickAsync(Instance);
        using var client = new HttpClient { DefaultRequestHeaders = { { "X-API-Key", _gateway.ApiKey } } };
        (await client.PostAsync($"{_gateway.Url}/api/instance/{Instance}/connect", null)).EnsureSuccessStatusCode();

        Assert.Equal(2, _gateway.Sent.Count(sent => sent is { Event: "qrcode.updated", Status: 200 }));
        Assert.Equal(1, await _host.CountAsync(where: "event = 'qrcode.updated'"));
    }

    [Fact]
    public async Task A_wrong_proof_is_refused_however_often_it_comes()
    {
        await _host.SecretAsync("acme");
        Assert.Equal(401, (await _host.SendAsync("acme", "{}")).Status);
        await using var hasty = await TurboZapSimulator.StartAsync(retryScale: 0.1);
        await hasty.SeedAsync(Instance);
        hasty.SetWebhook(Instance, Hooked("not-the-secret", base64: true));
        await hasty.DropAsync(Instance);
        // TurboZap repeats on every answer but 2xx.
        Assert.Equal([("connection.update", 4, 401)], hasty.Sent);
        Assert.Equal(0, await _host.CountAsync());
    }

    [Theory]
    [InlineData("text/plain", "no base64 at all")]
    [InlineData("text/plain", "bm8ganNvbg==")]
    [InlineData("application/json", "eyJldmVudCI6IngifQ==")]
    public async Task What_is_no_event_in_base64_is_kept_as_malformed(string contentType, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/whatsapp/webhook/acme") { Content = new StringContent(body, Encoding.UTF8, contentType) };
        request.Headers.Add("x-whatsops-secret", await _host.SecretAsync("acme"));
        request.Headers.Add("X-Content-Transfer-Encoding", "base64");
        request.Headers.Add("X-Webhook-Event", "connection.update");
        using var response = await _host.Client.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("connection.update malformed", await _host.ScalarAsync<string>("SELECT concat_ws(' ', event, problem) FROM whatsops.events"));
    }

    [Fact]
    public async Task The_simulator_loses_an_event_when_the_common_deadline_is_spent()
    {
        await using var hanging = await ScriptedGateway.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var gateway = await TurboZapSimulator.StartAsync(retryScale: 0.01);
        await gateway.SeedAsync(Instance);
        gateway.SetWebhook(Instance, new(hanging.Url, [], new Dictionary<string, string>(), true, false, false));
        await gateway.DropAsync(Instance);
        Assert.Equal([("connection.update", 1, null)], gateway.Sent);
    }

    private void Hook(string secret, bool byEvents = false, bool base64 = false) => _gateway.SetWebhook(Instance, Hooked(secret, byEvents, base64));

    private TurboZapHook Hooked(string secret, bool byEvents = false, bool base64 = false) =>
        new($"{_host.Client.BaseAddress!.ToString().TrimEnd('/')}/api/whatsapp/webhook/acme", [], new Dictionary<string, string> { ["x-whatsops-secret"] = secret }, true, byEvents, base64);
}
