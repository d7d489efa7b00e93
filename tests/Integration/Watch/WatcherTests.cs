using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Moq;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Simulator;
using WhatsOps.Simulator.Bot;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

public sealed class WatcherTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    [Capability("R-352")]
    public async Task A_target_is_down_at_its_second_silence_and_up_again_after_two_answers()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url, EverySeconds = 30 }] });
        await world.TickAsync(Soon);
        Assert.Equal(1, await world.ValueAsync("http/api", "up"));
        Assert.Empty(await world.OpenAsync());

        stand.Says("no", 500);
        await world.TickAsync(Soon);
        Assert.Equal(0, await world.ValueAsync("http/api", "up"));
        Assert.Empty(await world.OpenAsync());
        await world.TickAsync(Soon);
        var down = Assert.Single(await world.FindingsAsync());
        Assert.Equal(("target_unreachable", "http/api", Severity.Critical), (down.Kind, down.Subject, down.Severity));
        Assert.Contains("500", down.Cause, StringComparison.Ordinal);

        stand.Says("yes");
        await world.TickAsync(Soon);
        Assert.Single(await world.FindingsAsync());
        await world.TickAsync(Soon);
        Assert.Empty(await world.FindingsAsync());
    }

    /// <summary>The table of sources: what is there, and what finding it gives.</summary>
    [Theory]
    [Capability("R-422")]
    [InlineData("present", 200, "{\"status\":\"ok\",\"database\":{\"status\":\"ok\"}}", null)]
    [InlineData("absent", 404, "{}", "target_absent")]
    [InlineData("unauthorized", 401, "{}", "target_unauthorized")]
    [InlineData("forbidden", 403, "{}", "target_unauthorized")]
    [InlineData("failing", 502, "bad gateway", "target_unreachable")]
    [InlineData("pointing elsewhere", 302, "", "target_unreachable")]
    [InlineData("lying: another page with 200", 200, "<html>Welcome to nginx!</html>", "target_unreachable")]
    [InlineData("lying: another JSON with 200", 200, "{\"ok\":true}", "target_unreachable")]
    [InlineData("lying: 200 and sick", 200, "{\"status\":\"degraded\",\"database\":{\"status\":\"error\"}}", "target_unhealthy")]
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
    public async Task A_target_that_hangs_is_unreachable_after_its_patience_and_holds_no_other_up()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new()
        {
            Http = [new() { Name = "hangs", Url = $"http://127.0.0.1:{((IPEndPoint)hanging.LocalEndpoint).Port}/", TimeoutSeconds = 5 }, new() { Name = "well", Url = stand.Url }],
        });
        var tick = world.TickAsync();
        while (!tick.IsCompleted && await world.ValueAsync("http/well", "up") is null) await Task.Delay(20);
        Assert.False(tick.IsCompleted);
        while (!tick.IsCompleted)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }

        Assert.Equal(2, await tick);
        Assert.Equal(0, await world.ValueAsync("http/hangs", "up"));
        Assert.Contains("No answer within 5 s", (await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None)).Single(target => target.Target == "http/hangs").Words, StringComparison.Ordinal);
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

    [Fact]
    [Capability("R-189")]
    [Capability("R-338")]
    [Capability("R-339")]
    [Capability("R-340")]
    public async Task Each_target_has_its_own_interval_and_a_clock_that_ticks_a_little_early_misses_none()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new()
        {
            Http = [new() { Name = "health", Url = stand.Url + "/health", EverySeconds = 30 }, new() { Name = "stats", Url = stand.Url + "/stats", EverySeconds = 60 }, new() { Name = "day", Url = stand.Url + "/day", EverySeconds = 300 }],
        });
        await world.TickAsync();
        for (var tick = 1; tick <= 20; tick++) await world.TickAsync(Soon + TimeSpan.FromMilliseconds(tick % 2 == 0 ? 900 : -900));
        Assert.Equal((21, 11, 3), (stand.Seen.Count(path => path == "GET /health"), stand.Seen.Count(path => path == "GET /stats"), stand.Seen.Count(path => path == "GET /day")));
    }

    [Fact]
    public async Task Two_processes_look_at_each_target_once()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Http = [.. Enumerable.Range(0, 40).Select(number => new HttpTarget { Name = $"t{number}", Url = $"{stand.Url}/{number}" })] });
        var counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.Get<Watcher>().RunAsync(null, isDue: true, CancellationToken.None)));
        Assert.Equal(40, counts.Sum());
        Assert.Equal(40, stand.Seen.Distinct().Count());
        Assert.Equal(40, stand.Seen.Count);
    }

    [Fact]
    public async Task What_the_fleet_file_no_longer_names_is_forgotten_with_its_findings()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("", 404);
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "old", Url = stand.Url }, new() { Name = "kept", Url = stand.Url }] });
        await world.TickAsync();
        Assert.Equal(["target_absent http/kept", "target_absent http/old"], await world.OpenAsync());
        world.Fleet = world.Fleet with { Watch = new() { Http = [new() { Name = "kept", Url = stand.Url }] } };
        await world.TickAsync();
        Assert.Equal(["target_absent http/kept"], await world.OpenAsync());
        Assert.Equal("http/kept", Assert.Single(await world.Get<WatchBoard>().TargetsAsync(null, CancellationToken.None)).Target);
    }

    [Fact]
    public async Task Systems_of_one_target_name_share_nothing()
    {
        await using var mine = await HttpStand.StartAsync();
        await using var theirs = await HttpStand.StartAsync();
        theirs.Says("", 404);
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = mine.Url }] });
        world.Others.Add(new() { Name = "shop2", Kind = "bot", Watch = new() { Http = [new() { Name = "api", Url = theirs.Url }] } });
        Assert.Equal(2, await world.TickAsync());
        Assert.Equal("shop2", Assert.Single(await world.FindingsAsync()).System);
        Assert.Equal(1, await world.ValueAsync("http/api", "up"));
    }

    [Fact]
    public async Task A_rule_that_somebody_wrote_and_that_has_nothing_to_judge_by_is_a_finding()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new()
        {
            Http = [new() { Name = "api", Url = stand.Url }], Rules = [new() { Name = "typo", Metric = "secnods", Above = 1 }, new() { Name = "fine", Metric = "seconds", Above = 100 }],
        });
        await world.TickAsync();
        Assert.Equal(["samples_missing typo"], await world.OpenAsync());
        world.Fleet = world.Fleet with { Watch = world.Fleet.Watch! with { Rules = [] } };
        await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task A_rule_about_a_target_of_once_a_day_has_its_sample_all_day()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new()
        {
            Http = [new() { Name = "api", Url = stand.Url }, new() { Name = "day", Url = stand.Url, EverySeconds = 86_400 }],
            Rules = [new() { Name = "day-up", Metric = "up", Target = "http/day", Above = 0 }, new() { Name = "api-up", Metric = "up", Target = "http/api", Above = 0 }],
        });
        await world.TickAsync();
        foreach (var hours in (int[])[0, 10, 12])
        {
            await world.TickAsync(TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(1));
            Assert.Equal(["threshold_crossed api-up/http/api", "threshold_crossed day-up/http/day"], await world.OpenAsync());
        }
    }

    [Fact]
    public async Task Findings_of_a_rule_end_with_the_rule_and_with_the_last_target()
    {
        await using var stand = await HttpStand.StartAsync();
        var rules = new WatchRule[] { new() { Name = "always", Metric = "up", Above = 0 } };
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url }], Rules = rules });
        await world.TickAsync();
        Assert.Equal(["threshold_crossed always/http/api"], await world.OpenAsync());
        world.Fleet = world.Fleet with { Watch = world.Fleet.Watch! with { Rules = [rules[0] with { Off = true }] } };
        await world.TickAsync();
        Assert.Empty(await world.OpenAsync());

        world.Fleet = world.Fleet with { Watch = world.Fleet.Watch! with { Rules = rules } };
        await world.TickAsync();
        Assert.Equal(["threshold_crossed always/http/api"], await world.OpenAsync());
        world.Fleet = world.Fleet with { Watch = null };
        await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    [Capability("R-175")]
    [Capability("R-351")]
    [Capability("R-372")]
    [Capability("R-273")]
    public async Task The_board_tells_availability_and_percentiles_of_a_day()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url }] });
        for (var look = 0; look < 10; look++)
        {
            stand.Says("", look == 3 ? 500 : 200);
            await world.TickAsync();
        }

        var target = Assert.Single(await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None));
        Assert.Equal(90, target.Availability);
        Assert.True(target.P50 <= target.P95 && target.P95 <= target.P99);
        Assert.Equal("seen", target.Outcome);
    }

    [Fact]
    [Capability("R-156")]
    [Capability("R-157")]
    [Capability("R-159")]
    [Capability("R-168")]
    [Capability("R-169")]
    [Capability("R-170")]
    public async Task Morning_and_evening_look_at_everything_and_keep_what_they_saw()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("""{"messages":{"total":120},"errors":{"total":4}}""");
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "stats", Url = stand.Url, Shape = HttpShape.BotStats, EverySeconds = 3600 }] });
        var routines = world.GetAll<IRoutine>().Where(routine => routine.AppliesTo(world.Fleet)).ToDictionary(routine => routine.Name);
        Assert.Equal(("0 9 * * *", "0 17 * * *"), (routines["morning-check"].DefaultSchedule, routines["evening-check"].DefaultSchedule));

        var evening = await routines["evening-check"].RunAsync(new(world.Fleet, world.Time.GetUtcNow(), null), CancellationToken.None);
        Assert.True(evening.Complete);
        Assert.Equal("1 of 1 targets seen; 0 open findings.", evening.Summary);
        var number = Assert.Single(((DayReport)evening.Report!).Numbers, summary => summary.Metric == "bot.messages");
        Assert.Equal((1, 120, 120), (number.Samples, number.Least, number.Most));

        stand.Says("", 404);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var morning = await routines["morning-check"].RunAsync(new(world.Fleet, world.Time.GetUtcNow(), null), CancellationToken.None);
        Assert.False(morning.Complete);
        Assert.Equal("0 of 1 targets seen; 1 open findings, the worst: high target_absent.", morning.Summary);
        Assert.False(routines["morning-check"].AppliesTo(world.Fleet with { Watch = null }));
    }

    [Fact]
    [Capability("R-160")]
    public async Task The_morning_has_the_alerts_that_fire_the_worst_first_and_no_others()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("", 404);
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url }], Alertmanager = [new() { Name = "main", Token = "${env:T}" }] });
        var alert = new ExternalAlert("0123456789abcdef", "QueueDeep", Severity.Critical, "Orders wait", null);
        await world.Get<AlertmanagerStore>().SaveAsync(WatchWorld.System, "main", [alert], [], world.Time.GetUtcNow(), CancellationToken.None);
        Assert.Equal(["external_alert critical", "target_absent high"], (await MorningAsync()).Findings.Select(finding => $"{finding.Kind} {finding.Severity}"));

        await world.Get<AlertmanagerStore>().SaveAsync(WatchWorld.System, "main", [], [alert], world.Time.GetUtcNow(), CancellationToken.None);
        await MorningAsync();
        Assert.Equal(["target_absent high"], (await MorningAsync()).Findings.Select(finding => $"{finding.Kind} {finding.Severity}"));

        async Task<DayReport> MorningAsync()
        {
            world.Time.Advance(TimeSpan.FromMinutes(1));
            return (DayReport)(await world.GetAll<IRoutine>().Single(routine => routine.Name == "morning-check").RunAsync(new(world.Fleet, world.Time.GetUtcNow(), null), CancellationToken.None)).Report!;
        }
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

    [Fact]
    public async Task Samples_of_eight_days_are_kept_and_older_days_are_dropped_whole()
    {
        await using var world = await WatchWorld.StartAsync(new());
        var store = world.Get<SampleStore>();
        var now = world.Time.GetUtcNow();
        foreach (var days in (int[])[0, 8, 9]) await store.AddAsync(WatchWorld.System, "http/api", [new("seconds", days)], now.AddDays(-days), CancellationToken.None);
        await store.KeepAsync(now, CancellationToken.None);
        var series = await store.SeriesAsync(WatchWorld.System, ["seconds"], now.AddDays(-30), CancellationToken.None);
        Assert.Equal([8, 0], Assert.Single(series).Value.Select(sample => sample.Value));
        // Tomorrow's day is there already.
        await store.AddAsync(WatchWorld.System, "http/api", [new("seconds", 1)], now.AddDays(1), CancellationToken.None);
    }
}
