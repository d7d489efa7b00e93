using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Doors of an HTTP service that does what WhatsApp Agent, TaktChat and TurboZap do.</summary>
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
    public async Task A_webhook_that_knows_Meta_and_refuses_strangers_is_well()
    {
        stand.Answer = http => AgentAsync(http, secret: "app-secret");
        var reading = await ReadAsync(Meta);
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
        stand.Answer = http => AgentAsync(http, secret: null);
        Assert.Equal(["target_exposed unsigned", "target_exposed wrongly signed"], Troubles(await ReadAsync(Meta)));
        Assert.All((await ReadAsync(Meta)).Troubles, trouble => Assert.Equal(Severity.Critical, trouble.Severity));
    }

    [Fact]
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

    [Theory]
    [Capability("R-251")]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(404, null)]
    [InlineData(302, null)]
    [InlineData(200, "target_exposed /webhook-debug-secret")]
    [InlineData(204, "target_exposed /webhook-debug-secret")]
    [InlineData(500, "target_not_observable /webhook-debug-secret")]
    public async Task A_debug_endpoint_must_not_answer_a_stranger(int status, string? expected)
    {
        stand.Answer = http => AnswerAsync(http, http.Request.Path == "/" ? 200 : status, "the-secret-itself");
        var reading = await ReadAsync(Guard with { Refused = ["/webhook-debug-secret"] });
        Assert.Equal(expected is null ? [] : [expected], Troubles(reading));
        Assert.DoesNotContain("the-secret-itself", string.Concat(reading.Troubles.Select(trouble => trouble.Cause)), StringComparison.Ordinal);
    }

    [Theory]
    [Capability("R-326"), Capability("R-378"), Capability("R-306")]
    [InlineData(29, 429, 1, null)]
    [InlineData(29, 503, 1, null)]
    [InlineData(30, 429, 0, "target_misconfigured burst")]
    public async Task A_burst_is_stopped_or_there_is_no_rate_limit(int limit, int status, int limited, string? expected)
    {
        var requests = 0;
        stand.Answer = http => AnswerAsync(http, http.Request.Path == "/health" && Interlocked.Increment(ref requests) > limit ? status : 200, "ok");
        var reading = await ReadAsync(Guard with { Burst = new() { Path = "/health", Requests = 30 } });
        Assert.Equal(expected is null ? [] : [expected], Troubles(reading));
        Assert.Equal(new("guard.burst.limited", limited), Assert.Single(reading.Measures));
    }

    private GuardTarget Guard => new() { Name = "agent", Url = stand.Url };

    private GuardTarget Meta => Guard with { Meta = new() { VerifyToken = "${env:META_TOKEN}" } };

    // As WhatsApp Agent's webhook: the challenge as a JSON number, 403 otherwise; without a secret no signature is asked for.
    private static async Task AgentAsync(HttpContext http, string? secret)
    {
        if (http.Request.Path == "/")
        {
            await AnswerAsync(http, 200, "ok");
        }
        else if (http.Request.Method == "GET")
        {
            var isMeta = http.Request.Query["hub.mode"] == "subscribe" && http.Request.Query["hub.verify_token"] == Token;
            await AnswerAsync(http, isMeta ? 200 : 403, isMeta ? http.Request.Query["hub.challenge"].ToString() : """{"detail":"Erro de verificação"}""");
        }
        else
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var isSigned = secret is null || http.Request.Headers["X-Hub-Signature-256"] == "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body.ToArray()));
            await AnswerAsync(http, isSigned ? 200 : 403, isSigned ? """{"status":"ok"}""" : """{"detail":"Webhook inválido"}""");
        }
    }

    private static Task AnswerAsync(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        return status == 204 ? Task.CompletedTask : http.Response.WriteAsync(body);
    }

    private Task<Reading> ReadAsync(GuardTarget target) =>
        world.GetAll<IProbe>().SelectMany(probe => probe.LooksAt(new FleetSystem { Name = "shop", Kind = "agent", Watch = new() { Guards = [target] } })).Single().ReadAsync(CancellationToken.None);

    private static IEnumerable<string> Troubles(Reading reading) => reading.Troubles.Select(trouble => $"{trouble.Kind} {trouble.Subject}").Order(StringComparer.Ordinal);
}
