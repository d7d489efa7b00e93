using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Moq;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Simulator;
using WhatsOps.Simulator.Bot;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>What an endpoint answers decides its finding.</summary>
public sealed class HttpSourceTests
{
    /// <summary>The table of sources: what is there, and what finding it gives.</summary>
    [Theory]
    [Capability("R-422")]
    [InlineData("present", 200, "{\"status\":\"ok\",\"database\":{\"status\":\"ok\"}}", null)]
    [InlineData("absent", 404, "{}", "target_absent")]
    [InlineData("unauthorized", 401, "{}", "target_unauthorized")]
    [InlineData("forbidden", 403, "{}", "target_unauthorized")]
    [InlineData("limited", 429, "{\"error\":\"Rate limit exceeded\"}", "target_not_observable")]
    [InlineData("failing", 502, "bad gateway", "target_unreachable")]
    [InlineData("pointing elsewhere", 302, "", "target_unreachable")]
    [InlineData("lying: another page with 200", 200, "<html>Welcome to nginx!</html>", "target_unreachable")]
    [InlineData("lying: another JSON with 200", 200, "{\"ok\":true}", "target_unreachable")]
    [InlineData("lying: 200 and sick", 200, "{\"status\":\"degraded\",\"database\":{\"status\":\"error\"}}", "target_unhealthy")]
    [Source("http", SourceState.Present, "none")]
    [Source("http", SourceState.Absent, "target_absent")]
    [Source("http", SourceState.Unauthorized, "target_unauthorized")]
    [Source("http", SourceState.Lying, "target_unreachable")]
    [Source("http", SourceState.Lying, "target_unhealthy")]
    public async Task What_a_source_answers_decides_its_finding(string source, int status, string body, string? kind)
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says(body, status);
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url, Shape = HttpShape.TaktChatHealth }] });
        await world.TickAsync();
        await world.TickAsync();
        Assert.Equal(kind is null ? [] : [$"{kind} http/api"], await world.OpenAsync());
        Assert.NotEmpty(source);
    }

    [Fact]
    public async Task Who_is_asked_to_wait_says_how_long_and_takes_nothing_back()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("{\"status\":\"degraded\",\"database\":{\"status\":\"error\"}}");
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url, Shape = HttpShape.TaktChatHealth }] });
        await world.TickAsync();
        stand.Answer = http =>
        {
            (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (429, "300");
            return Task.CompletedTask;
        };
        for (var look = 0; look < 3; look++) await world.TickAsync();
        Assert.Equal(["target_not_observable http/api", "target_unhealthy http/api"], await world.OpenAsync());
        var limited = Assert.Single(await world.FindingsAsync(), finding => finding.Kind == TroubleKinds.NotObservable);
        Assert.Equal(
            "It answers 429: it takes no more requests from this address for now, so nothing is known of it. It says to come back in 300 s. Fix: fewer or rarer looks and bursts at it, or a higher limit for this address.",
            limited.Cause);
        stand.Says("{\"status\":\"ok\",\"database\":{\"status\":\"ok\"}}");
        for (var look = 0; look < 2; look++) await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task A_page_of_metrics_that_is_too_long_to_be_read_whole_gives_no_number()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url, Shape = HttpShape.Prometheus, Metrics = ["a_total"] }] });
        stand.Says("a_total 1\n" + new string('#', (4 * 1024 * 1024) - 10));
        await world.TickAsync();
        Assert.Equal(1, await world.ValueAsync("http/api", "up"));
        stand.Says("a_total 2\n" + new string('#', (4 * 1024 * 1024) - 9));
        await world.TickAsync();
        Assert.Equal((0, 1), (await world.ValueAsync("http/api", "up"), await world.ValueAsync("http/api", "prometheus.a_total")));
    }

    [Fact]
    public async Task A_secret_that_is_not_set_is_a_finding_and_a_set_one_goes_into_the_header_and_nowhere_else()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url, Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer ${env:API_TOKEN}" } }] });
        await world.TickAsync();
        Assert.Equal(["target_unauthorized http/api"], await world.OpenAsync());
        Assert.Empty(stand.Seen);

        world.Settings["API_TOKEN"] = "planted-token-5b1f";
        stand.Answer = http =>
        {
            http.Response.StatusCode = 401;
            return http.Response.WriteAsync("planted-token-5b1f is not known");
        };
        await world.TickAsync();
        Assert.Equal("GET / Bearer planted-token-5b1f", Assert.Single(stand.Seen));
        Assert.DoesNotContain(world.Logged, line => line.Contains("planted-token", StringComparison.Ordinal));
        Assert.DoesNotContain(await world.FindingsAsync(), finding => finding.Cause.Contains("planted-token", StringComparison.Ordinal));
    }

    [Theory]
    [Capability("R-341")]
    [InlineData(200, null)]
    [InlineData(404, "target_absent http/admin")]
    [InlineData(500, "target_unreachable http/admin")]
    public async Task A_dashboard_for_people_answers_or_that_is_a_finding(int status, string? finding)
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("<html>Dashboard</html>", status);
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "admin", Url = stand.Url + "/admin" }] });
        await world.TickAsync();
        await world.TickAsync();
        Assert.Equal("GET /admin", stand.Seen[^1]);
        Assert.Equal(finding is null ? [] : [finding], await world.OpenAsync());
    }

    [Fact]
    [Capability("R-401")]
    public async Task After_a_rollback_one_look_says_whether_the_bot_is_well()
    {
        await using var bot = await BotSimulator.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "health", Url = bot.Url + "/monitoring/health", Shape = HttpShape.BotHealth, EverySeconds = 3600 }] });
        var functions = new WatchFunctions(world.Services, world.Get<IFleet>(), Mock.Of<IOperators>(), null!, world.Time);
        foreach (var (state, words, finding) in ((BotState, string, string?)[])
            [(new() { Status = "unhealthy" }, "It says unhealthy.", "target_unhealthy http/health"), (new() { IsRedisConnected = false }, "It says healthy.", "target_unhealthy http/health/redis"), (new(), "It says healthy.", null)])
        {
            bot.State = state;
            for (var look = 0; look < 2; look++)
            {
                world.Time.Advance(TimeSpan.FromSeconds(30));
                var answer = Assert.IsType<OkObjectResult>(await functions.Now(new DefaultHttpContext().Request, WatchWorld.System, CancellationToken.None));
                Assert.Equal(("seen", words), (Assert.Single((IReadOnlyList<TargetView>)answer.Value!).Outcome, ((IReadOnlyList<TargetView>)answer.Value!)[0].Words));
            }

            Assert.Equal(finding is null ? [] : [finding], await world.OpenAsync());
        }
    }
}
