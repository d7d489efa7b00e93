using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Simulator;
using WhatsOps.Simulator.Agent;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>The simulated WhatsApp Agent does what the sources of the real one do, its traps included.</summary>
public sealed class AgentSimulatorTests
{
    private const string Event = """{"object":"whatsapp_business_account","entry":[]}""";
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    [Fact]
    public async Task Health_is_static_and_the_detailed_one_looks()
    {
        await using var agent = await AgentSimulator.StartAsync();
        agent.State = new() { IsTokenValid = false };
        Assert.Equal("healthy", (await JsonAsync($"{agent.Url}/health")).Body.GetProperty("status").GetString());
        using var head = await Http.SendAsync(new(HttpMethod.Head, $"{agent.Url}/health"));
        Assert.Equal(["healthy"], head.Headers.GetValues("X-Health-Status"));

        var (status, body) = await JsonAsync($"{agent.Url}/health/detailed");
        Assert.Equal((503, "unhealthy"), (status, body.GetProperty("overall_status").GetString()));
        Assert.False(body.GetProperty("checks").GetProperty("whatsapp_api").GetProperty("details").GetProperty("token_valid").GetBoolean());
        Assert.False(body.GetProperty("checks").TryGetProperty("redis", out _));

        agent.State = new() { DatabaseSeconds = 5.1 };
        (status, body) = await JsonAsync($"{agent.Url}/health/detailed");
        Assert.Equal((200, "degraded"), (status, body.GetProperty("overall_status").GetString()));
    }

    [Theory]
    [InlineData("/", 401)]
    [InlineData("/alerts", 401)]
    [InlineData("/production/system/status", 401)]
    [InlineData("/webhook-debug-secret", 401)]
    [InlineData("/public/webhook-secret-info", 401)]
    [InlineData("/auth/auth/login", 401)]
    [InlineData("/auth/login", 404)]
    [InlineData("/metrics", 200)]
    [InlineData("/metrics/system", 200)]
    [InlineData("/webhook/status", 200)]
    public async Task Without_a_token_only_some_doors_are_open_and_nobody_can_get_one(string path, int status)
    {
        await using var app = await AgentSimulator.StartAsync(new() { IsBehindNginx = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, app.Url + path);
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var response = await Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_app_itself_wants_https_and_nginx_hides_its_metrics()
    {
        await using var app = await AgentSimulator.StartAsync(new() { IsBehindNginx = false });
        Assert.Equal(HttpStatusCode.MovedPermanently, await StatusAsync($"{app.Url}/webhook/status"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{app.Url}/health"));
        await using var published = await AgentSimulator.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{published.Url}/webhook/status"));
        foreach (var hidden in (string[])["/metrics", "/production/metrics/business"]) Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(published.Url + hidden));
    }

    [Theory]
    [InlineData("hub.mode=subscribe&hub.verify_token=known&hub.challenge=42", 200, "42")]
    [InlineData("hub.mode=subscribe&hub.verify_token=other&hub.challenge=42", 403, """{"detail":"Erro de verificação"}""")]
    [InlineData("hub.mode=other&hub.verify_token=known&hub.challenge=42", 403, """{"detail":"Erro de verificação"}""")]
    [InlineData("hub.mode=subscribe&hub.verify_token=known", 422, null)]
    [InlineData("hub.mode=subscribe&hub.verify_token=known&hub.challenge=text", 422, null)]
    public async Task The_challenge_comes_back_as_a_number_to_the_right_token(string query, int status, string? body)
    {
        await using var agent = await AgentSimulator.StartAsync(new() { VerifyToken = "known" });
        using var response = await Http.GetAsync($"{agent.Url}/webhook?{query}");
        Assert.Equal(status, (int)response.StatusCode);
        if (body is not null) Assert.Equal(body, await response.Content.ReadAsStringAsync());
        // The token is in the query of that call.
        Assert.DoesNotContain(agent.Calls, call => call.Contains("known", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Event, "sha256=", "application/json", 200)]
    [InlineData(Event, "", "application/json", 200)]
    [InlineData(Event, null, "application/json", 403)]
    [InlineData(Event, "sha256=", "text/plain", 403)]
    [InlineData("{", "sha256=", "application/json", 400)]
    public async Task Events_are_taken_with_the_signature_of_the_apps_secret(string body, string? prefix, string type, int status)
    {
        await using var agent = await AgentSimulator.StartAsync(new() { AppSecret = "app" });
        var signature = prefix is null ? null : prefix + Convert.ToHexStringLower(HMACSHA256.HashData("app"u8, Encoding.UTF8.GetBytes(body)));
        Assert.Equal(status, await SendAsync(agent, body, signature, type));
        Assert.Equal(status == 200 ? 1 : 0, agent.Taken);
    }

    [Fact]
    public async Task Without_a_secret_or_with_the_bypass_whatever_comes_is_taken_and_its_status_says_so()
    {
        await using var open = await AgentSimulator.StartAsync(new() { AppSecret = null });
        await using var bypassed = await AgentSimulator.StartAsync(new() { State = new() { IsSignatureBypassed = true } });
        foreach (var agent in (AgentSimulator[])[open, bypassed])
        {
            Assert.Equal(200, await SendAsync(agent, Event, null, "application/json"));
            Assert.Equal("disabled", (await JsonAsync($"{agent.Url}/webhook/status")).Body.GetProperty("security").GetProperty("signature_validation").GetString());
        }

        using var sent = await Http.PostAsync($"{open.Url}/webhook/test-send?phone_number=5511999990000&message=hi", null);
        Assert.Equal((HttpStatusCode.OK, 1), (sent.StatusCode, open.TestSent));
    }

    [Fact]
    public async Task After_a_hundred_requests_in_a_minute_an_address_is_shut_out_for_five()
    {
        var time = new FakeTimeProvider();
        await using var agent = await AgentSimulator.StartAsync(new() { TimeProvider = time });
        for (var request = 0; request < 100; request++) Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{agent.Url}/health"));
        using var refused = await Http.GetAsync($"{agent.Url}/health");
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(5)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync($"{agent.Url}/health"));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{agent.Url}/health"));
    }

    [Fact]
    public async Task Its_queue_grows_and_a_control_sets_its_state_where_what_is_left_out_is_well()
    {
        var time = new FakeTimeProvider();
        await using var agent = await AgentSimulator.StartAsync(new() { TimeProvider = time });
        using var set = await Http.PostAsJsonAsync($"{agent.Url}/__sim/state", new { metaApi = "unavailable", fallbackQueue = 4, fallbackQueuePerMinute = 1.5 });
        Assert.True(set.IsSuccessStatusCode);
        time.Advance(TimeSpan.FromMinutes(4));
        var meta = (await JsonAsync($"{agent.Url}/webhook/status")).Body.GetProperty("meta_api");
        Assert.Equal(("unavailable", 10), (meta.GetProperty("status").GetString(), meta.GetProperty("fallback_queue_size").GetInt32()));
        using var wrong = await Http.PostAsJsonAsync($"{agent.Url}/__sim/state", new { tokenValid = false });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var well = await Http.PostAsJsonAsync($"{agent.Url}/__sim/state", new { });
        Assert.Equal(new AgentState(), agent.State);
    }

    private static async Task<int> SendAsync(AgentSimulator agent, string body, string? signature, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{agent.Url}/webhook") { Content = new StringContent(body, Encoding.UTF8, type) };
        if (signature is not null) request.Headers.Add("X-Hub-Signature-256", signature);
        using var response = await Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(string url)
    {
        using var response = await Http.GetAsync(url);
        return response.StatusCode;
    }

    private static async Task<(int Status, JsonElement Body)> JsonAsync(string url)
    {
        using var response = await Http.GetAsync(url);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }
}
