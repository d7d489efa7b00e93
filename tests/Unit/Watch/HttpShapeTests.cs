using System.Text;
using CsCheck;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

public sealed class HttpShapeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    [Capability("R-002")]
    public void TaktChat_answers_200_whatever_is_wrong_and_its_body_decides()
    {
        var well = Read(HttpShape.TaktChatHealth, """{"status":"ok","api":{"status":"ok"},"database":{"status":"ok","error":null},"timestamp":"2026-03-01T12:00:00Z"}""");
        Assert.Equal(Outcome.Seen, well.Outcome);
        Assert.Empty(well.Troubles);
        var sick = Assert.Single(Read(HttpShape.TaktChatHealth, """{"status":"degraded","api":{"status":"ok"},"database":{"status":"error","error":"password authentication failed for user 55119999"}}""").Troubles);
        Assert.Equal((TroubleKinds.Unhealthy, Severity.High), (sick.Kind, sick.Severity));
        Assert.Contains("restart", sick.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("55119999", sick.Cause, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-016")]
    public void TaktChats_version_tells_version_commit_and_the_age_of_the_build()
    {
        const string Body = """{"version":"N/A","backend":{"version":"2.4.1","versionLabel":"v2.4.1","commit":"a4d46aef00","commitShort":"a4d46a","buildDate":"BUILT"}}""";
        Reading Version(string built) => Read(HttpShape.TaktChatVersion, Body.Replace("BUILT", built, StringComparison.Ordinal));
        var reading = Version("2026-02-27T12:00:00.000Z");
        Assert.Equal("Version 2.4.1, commit a4d46aef00, built 2026-02-27 12:00 UTC; frontend NA.", reading.Words);
        Assert.Equal(new Measure("taktchat.build.age.days", 2), Assert.Single(reading.Measures));
        Assert.Empty(reading.Troubles);

        // Without a date in the build TaktChat says the moment of the question: 5 minutes and no age, a second more and one.
        Assert.Empty(Version("2026-03-01T11:55:00.000Z").Measures);
        Assert.Contains("a time that the build does not have in it", Version("2026-03-01T11:55:00.000Z").Words, StringComparison.Ordinal);
        Assert.Single(Version("2026-03-01T11:54:59.000Z").Measures);
        Assert.Empty(Version("yesterday").Measures);

        var away = Assert.Single(Read(HttpShape.TaktChatVersion, """{"error":"DB_UNAVAILABLE","message":"connect ECONNREFUSED 10.0.0.7:5432","details":""}""", 503).Troubles);
        Assert.Equal((TroubleKinds.Unhealthy, Severity.High), (away.Kind, away.Severity));
        Assert.DoesNotContain("10.0.0.7", away.Cause, StringComparison.Ordinal);
        Assert.Equal(Outcome.Unreachable, Read(HttpShape.TaktChatVersion, """{"error":"Internal server error"}""", 500).Outcome);
    }

    [Theory]
    [Capability("R-150")]
    [InlineData("healthy", null)]
    [InlineData("degraded", Severity.Medium)]
    [InlineData("unhealthy", Severity.Critical)]
    public void The_agents_detailed_health_says_how_bad_it_is(string overall, Severity? severity)
    {
        var reading = Read(HttpShape.AgentHealth, $$$"""{"overall_status":"{{{overall}}}","checks":{"database":{"status":"{{{overall}}}","response_time":0.02},"whatsapp_api":{"status":"healthy","details":{"token_valid":true} } } }""", overall == "unhealthy" ? 503 : 200);
        Assert.Equal(severity is null ? [] : [severity.Value], reading.Troubles.Select(trouble => trouble.Severity));
        Assert.Contains(new Measure("agent.check.seconds", 0.02, "database"), reading.Measures);
    }

    [Fact]
    public void A_token_that_Meta_refuses_is_critical_even_when_the_agent_calls_itself_healthy() => Assert.Equal(
        ["token"], Read(HttpShape.AgentHealth, """{"overall_status":"healthy","checks":{"whatsapp_api":{"status":"healthy","details":{"token_valid":false}}}}""").Troubles.Select(trouble => trouble.Subject));

    [Theory]
    [Capability("R-250")]
    [InlineData("active", "enabled", "available", "")]
    [InlineData("active", "disabled", "available", "target_exposed signature")]
    [InlineData("error", "enabled", "available", "target_unhealthy ")]
    [InlineData("active", "enabled", "rate_limited", "target_unhealthy meta")]
    public void The_agents_webhook_status_says_whether_signatures_are_checked(string status, string validation, string meta, string expected)
    {
        var reading = Read(HttpShape.AgentWebhook, $$$"""{"webhook_status":"{{{status}}}","meta_api":{"status":"{{{meta}}}","requests_remaining":90,"fallback_queue_size":3},"security":{"signature_validation":"{{{validation}}}"}}""");
        Assert.Equal(expected, string.Join(",", reading.Troubles.Select(trouble => $"{trouble.Kind} {trouble.Subject}")));
        Assert.Contains(new Measure("agent.fallback_queue.messages", 3), reading.Measures);
    }

    [Fact]
    [Capability("R-342")]
    [Capability("R-346")]
    public void The_bot_is_well_when_it_says_healthy_and_has_Redis()
    {
        const string Template = """{"status":"STATUS","uptime":4000,"redis":{"connected":REDIS,"status":"x"},"memory":{"used":90,"total":100},"timestamp":"x"}""";
        Reading Bot(string status, string redis) => Read(HttpShape.BotHealth, Template.Replace("STATUS", status, StringComparison.Ordinal).Replace("REDIS", redis, StringComparison.Ordinal));
        Assert.Empty(Bot("healthy", "true").Troubles);
        Assert.Equal(Severity.Critical, Assert.Single(Bot("unhealthy", "true").Troubles).Severity);
        Assert.Equal("redis", Assert.Single(Bot("healthy", "false").Troubles).Subject);
        Assert.Contains(new Measure("bot.memory.percent", 90), Bot("healthy", "true").Measures);
        Assert.Contains(new Measure("bot.uptime.seconds", 4000), Bot("healthy", "true").Measures);
    }

    [Fact]
    [Capability("R-346", Absent = true)]
    public void A_bot_that_does_not_speak_of_Redis_is_not_taken_for_connected() =>
        Assert.Equal(TroubleKinds.NotObservable, Assert.Single(Read(HttpShape.BotHealth, """{"status":"healthy","uptime":1}""").Troubles).Kind);

    [Fact]
    public void The_bots_stats_are_counters_since_its_start()
    {
        var reading = Read(HttpShape.BotStats, """{"uptime":10,"memory":{"used":1,"total":0,"external":3},"messages":{"total":120,"today":7},"errors":{"total":4,"today":1},"users":{"active":2,"today":5}}""");
        Assert.Equal([new("bot.uptime.seconds", 10), new("bot.memory.megabytes", 1), new("bot.messages", 120), new("bot.errors", 4), new("bot.users.active", 2)], reading.Measures);
        Assert.Empty(reading.Troubles);
        Assert.Equal(["bot.errors"], Read(HttpShape.BotStats, """{"messages":{"total":1},"errors":{"today":1}}""").Troubles.Select(trouble => trouble.Subject));
    }

    [Fact]
    [Capability("R-340")]
    public void The_bots_day_tells_messages_errors_and_users_of_24_hours()
    {
        const string Times = "\"startTime\":\"2026-02-28T12:00:00.000Z\",\"endTime\":\"2026-03-01T12:00:00.000Z\"";
        var reading = Read(HttpShape.BotDay, $$"""{"period":"last_24h",{{Times}},"messages":120,"errors":0,"users":5,"timestamp":"x"}""");
        Assert.Equal([new("bot.day.messages", 120), new("bot.day.errors", 0), new("bot.day.users", 5)], reading.Measures);
        Assert.Empty(reading.Troubles);
    }

    [Fact]
    [Capability("R-340", Absent = true)]
    public void A_number_that_the_bots_day_lacks_is_said_and_no_zero_stands_in()
    {
        var reading = Read(HttpShape.BotDay, """{"period":"last_24h","messages":120,"users":null}""");
        Assert.Equal(new Measure("bot.day.messages", 120), Assert.Single(reading.Measures));
        Assert.Equal([(TroubleKinds.NotObservable, "errors"), (TroubleKinds.NotObservable, "users")], reading.Troubles.Select(trouble => (trouble.Kind, trouble.Subject)));
        Assert.Equal(Outcome.Unreachable, Read(HttpShape.BotDay, """{"messages":{"total":1},"errors":{"total":1},"users":{"active":1}}""").Outcome);
    }

    [Fact]
    [Capability("R-153")]
    public void Series_are_summed_by_the_class_of_their_status_and_other_metrics_are_left()
    {
        var reading = Read(HttpShape.Prometheus,
            """
            # HELP http_requests_total Requests.
            # TYPE http_requests_total counter
            http_requests_total{method="GET",endpoint="/a",status="200"} 90
            http_requests_total{method="POST",endpoint="/b",status="204"} 9 1700000000000
            http_requests_total{endpoint="/{x}, \"y\"",status="500"} 1
            process_resident_memory_bytes 1.5e+08
            other_total 7
            broken{ 3
            """, 200, "http_requests_total", "process_resident_memory_bytes");
        Assert.Equal([new("prometheus.http_requests_total", 99, "2xx"), new("prometheus.http_requests_total", 1, "5xx"), new("prometheus.process_resident_memory_bytes", 1.5e8)], reading.Measures);
        Assert.Empty(reading.Troubles);
    }

    [Theory]
    [Capability("R-315")]
    [InlineData("""{"status":"ok","service":"TurboZap API"}""", Outcome.Seen)]
    [InlineData("""{"status":"ok","service":"another"}""", Outcome.Unreachable)]
    [InlineData("""{"status":"starting","service":"TurboZap API"}""", Outcome.Unreachable)]
    [InlineData("<html>hello</html>", Outcome.Unreachable)]
    public void TurboZaps_health_says_that_it_is_TurboZap_and_no_more(string body, Outcome outcome) => Assert.Equal(outcome, Read(HttpShape.TurboZapHealth, body).Outcome);

    [Fact]
    [Capability("R-263", Absent = true)]
    [Capability("R-316", Absent = true)]
    [Capability("R-153", Absent = true)]
    public void A_metric_that_is_not_there_is_said_to_be_not_instrumented() =>
        Assert.Equal("turbozap_instances_active", Assert.Single(Read(HttpShape.Prometheus, "up 1\n", 200, "turbozap_instances_active").Troubles).Subject);

    [Fact]
    [Capability("R-316")]
    public void A_metrics_page_that_is_a_web_page_is_no_metrics() => Assert.Equal(Outcome.Unreachable, Read(HttpShape.Prometheus, "<html>hello</html>", 200, "a").Outcome);

    [Fact]
    public void No_body_makes_a_shape_throw_or_seem_healthy() => Gen.Select(Gen.Enum<HttpShape>(), Gen.OneOf(Gen.Byte.Array, Gen.String.Select(text => Encoding.UTF8.GetBytes($"{{\"status\":\"{text}\"}}")))).Sample((shape, body) =>
    {
        if (shape == HttpShape.Status) return;
        var reading = HttpShapes.Read(new() { Name = "x", Url = "http://x", Shape = shape, Metrics = ["a"] }, 200, body, Now);
        Assert.True(reading.Outcome != Outcome.Seen || reading.Troubles.Count > 0);
    });

    private static Reading Read(HttpShape shape, string body, int status = 200, params string[] metrics) =>
        HttpShapes.Read(new() { Name = "x", Url = "http://x", Shape = shape, Metrics = metrics }, status, Encoding.UTF8.GetBytes(body), Now);
}
