using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Simulator;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Doors of WhatsApp Agent and the bot, simulated, and of a service that answers what it is told to.</summary>
public sealed class GuardProbeTests : IAsyncLifetime
{
    private const string Token = "verify-token-1";
    private HttpStand stand = null!;
    private WatchWorld world = null!;

    public async ValueTask InitializeAsync()
    {
        stand = await HttpStand.StartAsync();
        world = await WatchWorld.StartAsync(new());
        world.Settings["META_TOKEN"] = Token;
    }

    public async ValueTask DisposeAsync()
    {
        await world.DisposeAsync();
        await stand.DisposeAsync();
    }

    [Fact]
    [Capability("R-152")]
    [Source("guards", SourceState.Present, "none")]
    public async Task A_webhook_that_knows_Meta_and_refuses_strangers_is_well()
    {
        await using var agent = await AgentSimulator.StartAsync(new() { VerifyToken = Token });
        var reading = await ReadAsync(Meta with { Url = agent.Url });
        Assert.Equal((Outcome.Seen, "Its doors are as they should be."), (reading.Outcome, reading.Words));
        Assert.Empty(reading.Troubles);
        Assert.Equal(
            [new("guard.meta.echo", 1, "challenge"), new("guard.meta.echo", 0, "wrong token"), new("guard.meta.status", 403, "unsigned"), new("guard.meta.status", 403, "wrongly signed")],
            reading.Measures);
    }

    [Fact]
    [Capability("R-152")]
    public async Task Events_that_nobody_signed_must_be_refused()
    {
        // WhatsApp Agent skips the signature when its secret is not set.
        await using var agent = await AgentSimulator.StartAsync(new() { VerifyToken = Token, AppSecret = null });
        var reading = await ReadAsync(Meta with { Url = agent.Url });
        Assert.Equal(["target_exposed unsigned", "target_exposed wrongly signed"], Troubles(reading));
        Assert.All(reading.Troubles, trouble => Assert.Equal(Severity.Critical, trouble.Severity));
    }

    [Fact]
    [Capability("R-152"), Capability("R-250")]
    public async Task Events_that_the_apps_secret_has_signed_must_be_taken()
    {
        world.Settings["APP_SECRET"] = "app-secret";
        await using var agent = await AgentSimulator.StartAsync(new() { VerifyToken = Token });
        var signing = Meta with { Url = agent.Url, Meta = Meta.Meta! with { AppSecret = "${env:APP_SECRET}" } };
        var reading = await ReadAsync(signing);
        Assert.Empty(reading.Troubles);
        Assert.Contains(new("guard.meta.status", 200, "rightly signed"), reading.Measures);
        Assert.Equal(1, agent.Taken);

        // The product has another secret: it refuses strangers as it should, and Meta as well.
        world.Settings["APP_SECRET"] = "app-secret-of-another-app";
        var trouble = Assert.Single((await ReadAsync(signing)).Troubles);
        Assert.Equal(("target_unhealthy", "rightly signed", Severity.High), (trouble.Kind, trouble.Subject, trouble.Severity));
        Assert.DoesNotContain("app-secret-of", trouble.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, null)]
    [InlineData(302, "target_unhealthy rightly signed")]
    [InlineData(400, "target_unhealthy rightly signed")]
    [InlineData(404, "target_absent rightly signed")]
    [InlineData(500, "target_not_observable rightly signed")]
    public async Task Only_2xx_takes_an_event_and_unknown_is_never_well(int status, string? expected)
    {
        world.Settings["APP_SECRET"] = "app-secret";
        stand.Answer = http =>
        {
            var isSigned = http.Request.Headers["X-Hub-Signature-256"] == "sha256=" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("app-secret"u8, """{"object":"whatsapp_business_account","entry":[]}"""u8));
            return AnswerAsync(http, http.Request.Path == "/" ? 200 : isSigned ? status : 403, "no");
        };
        var reading = await ReadAsync(Guard with { Meta = new() { AppSecret = "${env:APP_SECRET}" } });
        Assert.Equal(expected is null ? [] : [expected], Troubles(reading));
    }

    [Fact]
    [Source("guards", SourceState.Lying, "target_exposed")]
    public async Task TaktChat_answers_a_wrong_token_with_200_and_no_challenge_and_takes_any_event()
    {
        stand.Answer = http => http.Request.Method == "GET" && http.Request.Query["hub.verify_token"] == Token
            ? http.Response.WriteAsync(http.Request.Query["hub.challenge"].ToString())
            : http.Response.WriteAsync("Error, wrong validation token");
        Assert.Equal(["target_exposed unsigned", "target_exposed wrongly signed"], Troubles(await ReadAsync(Meta)));
    }

    [Fact]
    public async Task A_challenge_that_the_right_token_does_not_get_or_any_token_gets_is_told()
    {
        stand.Answer = http => AnswerAsync(http, 403, "no");
        Assert.Equal(["target_unhealthy challenge"], Troubles(await ReadAsync(Meta)));
        stand.Answer = http => http.Request.Method == "GET" ? http.Response.WriteAsync(http.Request.Query["hub.challenge"].ToString()) : AnswerAsync(http, 403, "no");
        Assert.Equal(["target_exposed wrong token"], Troubles(await ReadAsync(Meta)));
    }

    [Fact]
    [Source("guards", SourceState.Absent, "target_absent")]
    public async Task A_webhook_that_is_not_there_or_is_broken_is_never_well()
    {
        stand.Answer = http => AnswerAsync(http, http.Request.Path == "/" ? 200 : 404, "no");
        Assert.Equal(["target_absent unsigned", "target_absent wrongly signed", "target_unhealthy challenge"], Troubles(await ReadAsync(Meta)));
        stand.Answer = http => AnswerAsync(http, http.Request.Path == "/" ? 200 : 500, "no");
        Assert.Equal(["target_not_observable unsigned", "target_not_observable wrongly signed", "target_unhealthy challenge"], Troubles(await ReadAsync(Meta)));
        Assert.Equal(Outcome.Unreachable, (await ReadAsync(Meta with { Url = "http://127.0.0.1:1" })).Outcome);
        world.Settings.Clear();
        await Assert.ThrowsAsync<MissingSecretException>(() => ReadAsync(Meta));
    }

    [Fact]
    public async Task Who_is_asked_to_wait_was_neither_let_in_nor_refused()
    {
        stand.Answer = http => AnswerAsync(http, http.Request.Path == "/" ? 404 : 429, "wait");
        var reading = await ReadAsync(Meta with { Refused = ["/webhook-debug-secret"] });
        string[] doors = ["/webhook-debug-secret", "challenge", "unsigned", "wrong token", "wrongly signed"];
        Assert.Equal(doors.Select(door => $"target_not_observable {door}"), Troubles(reading));
        // So that one which stood open at the last look is not taken for closed.
        Assert.Equal(doors, reading.Unseen.Order(StringComparer.Ordinal));

        stand.Answer = http => AnswerAsync(http, 429, "wait");
        reading = await ReadAsync(Meta);
        Assert.Equal(["target_not_observable "], Troubles(reading));
        Assert.Equal([""], reading.Unseen);
    }

    [Theory]
    [Capability("R-251")]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(404, null)]
    [InlineData(302, null)]
    [InlineData(200, "target_exposed /webhook-debug-secret")]
    [InlineData(204, "target_exposed /webhook-debug-secret")]
    [InlineData(429, "target_not_observable /webhook-debug-secret")]
    [InlineData(500, "target_not_observable /webhook-debug-secret")]
    [Source("guards", SourceState.Unauthorized, "none, since it must refuse")]
    public async Task A_debug_endpoint_must_not_answer_a_stranger(int status, string? expected)
    {
        stand.Answer = http => AnswerAsync(http, http.Request.Path == "/" ? 200 : status, "the-secret-itself");
        var reading = await ReadAsync(Guard with { Refused = ["/webhook-debug-secret"] });
        Assert.Equal(expected is null ? [] : [expected], Troubles(reading));
        Assert.DoesNotContain("the-secret-itself", string.Concat(reading.Troubles.Select(trouble => trouble.Cause)), StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-251")]
    public async Task The_agents_debug_endpoints_are_behind_its_middleware()
    {
        await using var app = await AgentSimulator.StartAsync(new() { IsBehindNginx = false });
        await using var published = await AgentSimulator.StartAsync();
        foreach (var agent in (AgentSimulator[])[app, published])
            Assert.Empty((await ReadAsync(Guard with { Url = agent.Url, Refused = ["/webhook-debug-secret", "/public/webhook-secret-info"] })).Troubles);
        Assert.Equal(["target_exposed /webhook/status"], Troubles(await ReadAsync(Guard with { Url = published.Url, Refused = ["/webhook/status"] })));
    }

    [Fact]
    [Capability("R-251")]
    public async Task The_agents_test_of_sending_is_open_to_everybody_and_nothing_is_sent_to_find_that_out()
    {
        await using var agent = await AgentSimulator.StartAsync();
        var reading = await ReadAsync(Guard with { Url = agent.Url, RefusedPosts = ["/webhook/test-send", "/auth/users"] });
        Assert.Equal(["target_exposed POST /webhook/test-send"], Troubles(reading));
        Assert.Equal(Severity.Critical, reading.Troubles[0].Severity);
        Assert.Equal([new("guard.refused.status", 422, "POST /webhook/test-send"), new("guard.refused.status", 401, "POST /auth/users")], reading.Measures);
        Assert.Equal((0, 2), (agent.TestSent, agent.Calls.Count(call => call.StartsWith("POST ", StringComparison.Ordinal))));
    }

    [Theory]
    [Capability("R-251")]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(404, null)]
    [InlineData(405, null)]
    [InlineData(200, "target_exposed POST /send")]
    [InlineData(204, "target_exposed POST /send")]
    [InlineData(400, "target_exposed POST /send")]
    [InlineData(422, "target_exposed POST /send")]
    [InlineData(302, "target_not_observable POST /send")]
    [InlineData(429, "target_not_observable POST /send")]
    [InlineData(500, "target_not_observable POST /send")]
    public async Task A_post_without_a_body_must_be_refused_before_anybody_looks_at_what_is_missing(int status, string? expected)
    {
        string? sent = null;
        stand.Answer = async http =>
        {
            if (http.Request.Method == "POST") sent = $"{http.Request.Path}{http.Request.QueryString} {http.Request.ContentLength ?? 0}";
            await AnswerAsync(http, http.Request.Path == "/" ? 200 : status, "no");
        };
        Assert.Equal(expected is null ? [] : [expected], Troubles(await ReadAsync(Guard with { RefusedPosts = ["/send"] })));
        Assert.Equal("/send 0", sent);
    }

    [Theory]
    [Capability("R-378")]
    [InlineData(true, null)]
    [InlineData(false, "target_misconfigured burst")]
    public async Task The_bots_limit_of_requests_is_that_of_its_nginx(bool hasLimit, string? expected)
    {
        await using var bot = await BotSimulator.StartAsync(new() { HasRateLimit = hasLimit, TimeProvider = world.Time });
        var reading = await ReadAsync(Guard with { Url = bot.Url, Burst = new() { Path = "/monitoring/health", Requests = 60 } });
        Assert.Equal(expected is null ? [] : [expected], Troubles(reading));
        // The first of 21 that are let through at once was the look whether it is there.
        Assert.Equal(new("guard.burst.limited", hasLimit ? 40 : 0), Assert.Single(reading.Measures));
    }

    [Theory]
    [Capability("R-326"), Capability("R-378"), Capability("R-306")]
    [InlineData(60, 429, 1, null)]
    [InlineData(60, 503, 1, null)]
    [InlineData(61, 429, 0, "target_misconfigured burst")]
    public async Task A_burst_is_stopped_or_there_is_no_rate_limit(int limit, int status, int limited, string? expected)
    {
        var requests = 0;
        stand.Answer = http => AnswerAsync(http, http.Request.Path == "/health" && Interlocked.Increment(ref requests) > limit ? status : 200, "ok");
        var reading = await ReadAsync(Guard with { Burst = new() { Path = "/health" } });
        Assert.Equal(expected is null ? [] : [expected], Troubles(reading));
        Assert.Equal(new("guard.burst.limited", limited), Assert.Single(reading.Measures));
    }

    private GuardTarget Guard => new() { Name = "agent", Url = stand.Url };

    private GuardTarget Meta => Guard with { Meta = new() { VerifyToken = "${env:META_TOKEN}" } };

    private static Task AnswerAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        return status == 204 ? Task.CompletedTask : http.Response.WriteAsync(body);
    }

    private Task<Reading> ReadAsync(GuardTarget target) =>
        world.GetAll<IProbe>().SelectMany(probe => probe.LooksAt(new FleetSystem { Name = "shop", Kind = "agent", Watch = new() { Guards = [target] } })).Single().ReadAsync(CancellationToken.None);

    private static IEnumerable<string> Troubles(Reading reading) => reading.Troubles.Select(trouble => $"{trouble.Kind} {trouble.Subject}").Order(StringComparer.Ordinal);
}
