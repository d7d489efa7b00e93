using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Simulator;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>The products as the watch sees them: what each is known to get wrong becomes a finding, and mended it is none.</summary>
public sealed class WatchedProductsTests : IAsyncLifetime
{
    private WatchWorld world = null!;

    public async ValueTask InitializeAsync() => world = await WatchWorld.StartAsync(new());

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-150")]
    public async Task An_agent_whose_token_Meta_refuses_is_told_and_well_with_a_new_one()
    {
        await using var agent = await AgentSimulator.StartAsync(new() { TimeProvider = world.Time, State = new() { IsTokenValid = false } });
        Watch(new() { Http = [new() { Name = "static", Url = $"{agent.Url}/health" }, new() { Name = "health", Url = $"{agent.Url}/health/detailed", Shape = HttpShape.AgentHealth, EverySeconds = 300 }] });
        await world.TickAsync();
        Assert.Equal(["target_unhealthy http/health", "target_unhealthy http/health/token"], await world.OpenAsync());
        Assert.All(await world.FindingsAsync(), finding => Assert.Equal(Severity.Critical, finding.Severity));
        Assert.Equal(1, await world.ValueAsync("http/static", "up"));

        agent.State = new();
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(6));
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    [Capability("R-250")]
    public async Task An_agent_without_its_secret_is_exposed_and_its_growing_queue_is_measured()
    {
        await using var agent = await AgentSimulator.StartAsync(new() { TimeProvider = world.Time, AppSecret = null, State = new() { MetaApi = "rate_limited", FallbackQueue = 2, FallbackQueuePerMinute = 3 } });
        Watch(new() { Http = [new() { Name = "webhook", Url = $"{agent.Url}/webhook/status", Shape = HttpShape.AgentWebhook }] });
        await world.TickAsync();
        Assert.Equal(["target_exposed http/webhook/signature", "target_unhealthy http/webhook/meta"], await world.OpenAsync());
        Assert.Equal(5, await world.ValueAsync("http/webhook", "agent.fallback_queue.messages"));
        await world.TickAsync();
        Assert.Equal(8, await world.ValueAsync("http/webhook", "agent.fallback_queue.messages"));
    }

    [Fact]
    public async Task A_burst_meets_the_agents_own_limit_and_the_looks_that_are_shut_out_by_it_tell_no_outage()
    {
        await using var agent = await AgentSimulator.StartAsync(new() { TimeProvider = world.Time, AppSecret = null });
        var http = new HttpTarget { Name = "webhook", Url = $"{agent.Url}/webhook/status", Shape = HttpShape.AgentWebhook };
        Watch(new() { Http = [http] });
        await world.TickAsync();
        Assert.Equal(["target_exposed http/webhook/signature"], await world.OpenAsync());

        Watch(new() { Http = [http], Guards = [new() { Name = "limit", Url = agent.Url, EverySeconds = 3600, Burst = new() { Path = "/health", Requests = 120 } }] });
        for (var minute = 0; minute < 4; minute++) await world.TickAsync();
        Assert.InRange((await world.ValueAsync("guard/limit", "guard.burst.limited"))!.Value, 20, 21);
        Assert.Equal(["target_exposed http/webhook/signature", "target_not_observable http/webhook"], await world.OpenAsync());

        for (var minute = 0; minute < 4; minute++) await world.TickAsync();
        Assert.Equal(["target_exposed http/webhook/signature"], await world.OpenAsync());
    }

    [Fact]
    public async Task The_agents_detailed_health_may_take_as_long_as_Meta_and_OpenAI_do()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Answer = http =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(9));
            return http.Response.WriteAsync("""{"overall_status":"healthy","checks":{"openai_api":{"status":"healthy","response_time":9.0}}}""");
        };
        Watch(new() { Http = [new() { Name = "health", Url = stand.Url, Shape = HttpShape.AgentHealth, EverySeconds = 300 }] });
        for (var look = 0; look < 4; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Empty(await world.OpenAsync());
        Assert.Equal((9, null), (await world.ValueAsync("http/health", "seconds.detailed"), await world.ValueAsync("http/health", "seconds")));
        Assert.Equal(9, (await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None)).Single().P99);

        stand.Answer = http =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(31));
            return http.Response.WriteAsync("""{"overall_status":"degraded","checks":{"openai_api":{"status":"degraded","response_time":31.0}}}""");
        };
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["target_unhealthy http/health", "threshold_crossed agent-slow-checks/http/health"], await world.OpenAsync());
    }

    [Fact]
    [Capability("R-153")]
    public async Task The_agents_metrics_are_read_at_its_own_port_where_more_than_one_percent_of_errors_is_a_finding()
    {
        await using var app = await AgentSimulator.StartAsync(new() { TimeProvider = world.Time, IsBehindNginx = false });
        Watch(new()
        {
            Http =
            [
                new() { Name = "metrics", Url = $"{app.Url}/metrics", Shape = HttpShape.Prometheus, Metrics = ["http_requests_total"], Headers = new Dictionary<string, string> { ["X-Forwarded-Proto"] = "https" } },
                new() { Name = "bare", Url = $"{app.Url}/metrics", Shape = HttpShape.Prometheus, Metrics = ["http_requests_total"] },
            ],
        });
        for (var minute = 0; minute < 3; minute++)
        {
            await world.TickAsync();
            app.State = app.State with { Requests = app.State.Requests + 90, FailedRequests = app.State.FailedRequests + 10 };
        }

        // Without the header the app sends everybody to https, and a redirect is no answer.
        Assert.Equal(["target_unreachable http/bare", "threshold_crossed agent-error-rate/http/metrics/5xx"], await world.OpenAsync());
    }

    [Fact]
    [Capability("R-346")]
    public async Task A_bot_that_says_healthy_and_has_lost_Redis_is_sick_and_so_is_one_whose_errors_rise()
    {
        await using var bot = await BotSimulator.StartAsync(new() { TimeProvider = world.Time, State = new() { IsRedisConnected = false } });
        Watch(new() { Http = [new() { Name = "health", Url = $"{bot.Url}/monitoring/health", Shape = HttpShape.BotHealth }, new() { Name = "stats", Url = $"{bot.Url}/monitoring/stats", Shape = HttpShape.BotStats }] });
        await world.TickAsync();
        Assert.Equal(["target_unhealthy http/health/redis"], await world.OpenAsync());

        bot.State = new() { ErrorsPerMinute = 4 };
        for (var minute = 0; minute < 5; minute++) await world.TickAsync();
        Assert.Equal(["threshold_crossed bot-errors-critical/http/stats", "threshold_crossed bot-errors/http/stats"], await world.OpenAsync());

        bot.Restart();
        await world.TickAsync();
        Assert.Contains("threshold_crossed bot-started/http/health", await world.OpenAsync());
    }

    [Fact]
    [Capability("R-340")]
    public async Task The_bots_last_24_hours_are_read_every_five_minutes_and_its_stats_are_none()
    {
        await using var bot = await BotSimulator.StartAsync(new() { TimeProvider = world.Time, State = new() { Messages = 4200, MessagesPerMinute = 8, Errors = 3, ActiveUsers = 14 } });
        Watch(new() { Http = [new() { Name = "day", Url = $"{bot.Url}/monitoring/stats/24h", Shape = HttpShape.BotDay, EverySeconds = 300 }] });
        for (var minute = 0; minute < 6; minute++) await world.TickAsync();
        Assert.Equal(2, bot.Calls.Count(call => call.Contains("/monitoring/stats/24h", StringComparison.Ordinal)));
        Assert.Equal((4248, 3, 42), (await world.ValueAsync("http/day", "bot.day.messages"), await world.ValueAsync("http/day", "bot.day.errors"), await world.ValueAsync("http/day", "bot.day.users")));
        Assert.Empty(await world.OpenAsync());

        Watch(new() { Http = [new() { Name = "day", Url = $"{bot.Url}/monitoring/stats", Shape = HttpShape.BotDay }] });
        for (var look = 0; look < 2; look++) await world.TickAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["target_unreachable http/day"], await world.OpenAsync());
    }

    [Fact]
    [Capability("R-002"), Capability("R-016")]
    public async Task TaktChat_answers_200_and_its_database_is_away()
    {
        await using var product = await TaktChatSimulator.StartAsync();
        Watch(new() { Http = [new() { Name = "health", Url = $"{product.Url}/health", Shape = HttpShape.TaktChatHealth }, new() { Name = "version", Url = $"{product.Url}/version", Shape = HttpShape.TaktChatVersion }] });
        product.IsDatabaseAway = true;
        await world.TickAsync();
        Assert.Equal(["target_unhealthy http/health", "target_unhealthy http/version"], await world.OpenAsync());
        product.IsDatabaseAway = false;
        for (var look = 0; look < 2; look++) await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    [Capability("R-315")]
    public async Task TurboZaps_health_is_ok_whatever_its_instances_are_like_and_another_page_in_its_place_is_none()
    {
        await using var gateway = await TurboZapSimulator.StartAsync();
        await gateway.SeedAsync("dead", live: false);
        Watch(new() { Http = [new() { Name = "health", Url = $"{gateway.Url}/health", Shape = HttpShape.TurboZapHealth }] });
        await world.TickAsync();
        Assert.Equal(1, await world.ValueAsync("http/health", "up"));
        gateway.SetFault(new() { Kind = FaultKind.WrongJson });
        for (var look = 0; look < 2; look++) await world.TickAsync();
        Assert.Equal(["target_unreachable http/health"], await world.OpenAsync());
    }

    [Fact]
    [Capability("R-316")]
    public async Task TurboZap_has_no_metrics_and_that_is_told_as_absent_and_never_as_zero()
    {
        await using var gateway = await TurboZapSimulator.StartAsync();
        Watch(new() { Http = [new() { Name = "metrics", Url = $"{gateway.Url}/metrics", Shape = HttpShape.Prometheus, Metrics = ["turbozap_instances_active"] }] });
        await world.TickAsync();
        var finding = Assert.Single(await world.FindingsAsync());
        Assert.Equal((TroubleKinds.Absent, "http/metrics", Severity.High), (finding.Kind, finding.Subject, finding.Severity));
        Assert.Contains("404", finding.Cause, StringComparison.Ordinal);
        Assert.Null(await world.ValueAsync("http/metrics", "prometheus.turbozap_instances_active"));
    }

    [Fact]
    [Capability("R-306"), Capability("R-326")]
    public async Task TurboZap_lets_one_request_more_through_than_the_sixty_a_minute_that_its_settings_promise()
    {
        await using var gateway = await TurboZapSimulator.StartAsync();
        await gateway.SeedAsync("acme");
        Watch(new() { Guards = [new() { Name = "api", Url = gateway.Url, EverySeconds = 3600, Burst = new() { Path = "/api/instance/acme/status" } }] });
        await world.TickAsync();
        Assert.Equal(["target_misconfigured guard/api/burst"], await world.OpenAsync());
        Assert.StartsWith("61 requests in a row to /api/instance/acme/status were all let through", Assert.Single(await world.FindingsAsync()).Cause, StringComparison.Ordinal);
        Assert.Equal(0, await world.ValueAsync("guard/api", "guard.burst.limited"));
    }

    private void Watch(WatchOptions watch) => world.Fleet = world.Fleet with { Watch = watch };
}
