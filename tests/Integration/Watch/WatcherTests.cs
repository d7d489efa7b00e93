using System.Net;
using System.Net.Sockets;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>When targets are looked at, by whom, and what is kept of it.</summary>
public sealed class WatcherTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    [Capability("R-352")]
    public async Task A_target_is_down_after_a_minute_and_up_again_after_two_answers()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url, EverySeconds = 30 }] });
        await world.TickAsync(Soon);
        Assert.Equal(1, await world.ValueAsync("http/api", "up"));
        Assert.Empty(await world.OpenAsync());

        stand.Says("no", 500);
        await world.TickAsync(Soon);
        Assert.Equal(0, await world.ValueAsync("http/api", "up"));
        await world.TickAsync(Soon);
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

    [Fact]
    [Capability("R-352")]
    public async Task A_target_of_once_an_hour_that_does_not_answer_is_looked_at_again_within_a_minute_and_one_that_wants_to_be_spared_is_not()
    {
        await using var slow = await HttpStand.StartAsync();
        await using var gentle = await HttpStand.StartAsync();
        await using var guarded = await HttpStand.StartAsync();
        foreach (var stand in (HttpStand[])[slow, gentle, guarded]) stand.Says("", 500);
        guarded.Answer = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        await using var world = await WatchWorld.StartAsync(new()
        {
            Http = [new() { Name = "slow", Url = slow.Url, EverySeconds = 7200 }, new() { Name = "agent", Url = gentle.Url, Shape = HttpShape.AgentHealth, EverySeconds = 7200 }],
            Guards = [new() { Name = "limit", Url = guarded.Url, Burst = new() { Path = "/", Requests = 2 }, EverySeconds = 7200 }],
        });
        await world.TickAsync(Soon);
        await world.TickAsync(Soon);
        Assert.Equal((1, 1, 0), (slow.Seen.Count, gentle.Seen.Count, (await world.OpenAsync()).Count));
        var asked = guarded.Seen.Count;
        await world.TickAsync(Soon);
        Assert.Equal(["target_unreachable http/slow"], await world.OpenAsync());
        Assert.Equal((2, 1, asked), (slow.Seen.Count, gentle.Seen.Count, guarded.Seen.Count));

        await world.TickAsync(TimeSpan.FromHours(2));
        Assert.Equal(["target_unreachable guard/limit", "target_unreachable http/agent", "target_unreachable http/slow"], await world.OpenAsync());
        slow.Says("ok");
        for (var look = 0; look < 4; look++) await world.TickAsync();
        // One that answers has its own pace again.
        Assert.Equal(4, slow.Seen.Count);
    }

    [Fact]
    public async Task Looks_that_people_ask_for_within_a_minute_make_no_outage()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("", 500);
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url }] });
        for (var look = 0; look < 5; look++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(10));
            await world.Get<Watcher>().RunAsync(WatchWorld.System, isDue: false, CancellationToken.None);
        }

        Assert.Empty(await world.OpenAsync());
        world.Time.Advance(TimeSpan.FromSeconds(20));
        await world.Get<Watcher>().RunAsync(WatchWorld.System, isDue: false, CancellationToken.None);
        Assert.Equal(["target_unreachable http/api"], await world.OpenAsync());
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
    [Capability("R-189")]
    [Capability("R-338")]
    [Capability("R-339")]
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
    [Capability("R-351")]
    public async Task From_outside_a_target_is_looked_at_every_five_minutes_and_has_half_a_minute_to_answer()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        await using var stand = await HttpStand.StartAsync();
        HttpTarget outside = new() { Name = "outside", Url = $"http://127.0.0.1:{((IPEndPoint)hanging.LocalEndpoint).Port}/", EverySeconds = 300, TimeoutSeconds = 30 };
        await using var world = await WatchWorld.StartAsync(new() { Http = [outside] });
        var tick = world.TickAsync();
        var began = world.Time.GetUtcNow();
        while (!tick.IsCompleted)
        {
            await Task.Delay(20);
            if (world.Time.GetUtcNow() - began < TimeSpan.FromMinutes(1)) world.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.True(world.Time.GetUtcNow() - began >= TimeSpan.FromSeconds(30));
        Assert.Contains("No answer within 30 s", Assert.Single(await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None)).Words, StringComparison.Ordinal);
        Assert.Equal(0, await world.ValueAsync("http/outside", "up"));

        world.Fleet = world.Fleet with { Watch = new() { Http = [outside with { Url = stand.Url }] } };
        // One that was silent is not left alone for its whole pace.
        Assert.Equal(1, await world.TickAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(1, await world.ValueAsync("http/outside", "up"));
        Assert.Equal(0, await world.TickAsync(TimeSpan.FromMinutes(4.5)));
        Assert.Equal(1, await world.TickAsync());
    }

    [Fact]
    [Capability("R-175")]
    public async Task What_is_seen_in_a_maintenance_window_is_kept_apart_too()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("", 500);
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url }] });
        var now = TimeOnly.FromDateTime(world.Time.GetUtcNow().UtcDateTime);
        world.Fleet = world.Fleet with { TimeZone = "UTC", MaintenanceWindows = [new() { From = now.AddHours(-1), To = now.AddHours(1) }] };
        await world.TickAsync();
        stand.Says("");
        await world.TickAsync();
        await world.TickAsync(TimeSpan.FromHours(2));

        var series = await world.Get<SampleStore>().SeriesAsync(WatchWorld.System, ["up", "up.planned"], world.Time.GetUtcNow().AddHours(-3), CancellationToken.None);
        Assert.Equal([0, 1, 1], series[new("http/api", "up", "")].Select(sample => sample.Value));
        Assert.Equal([0, 1], series[new("http/api", "up.planned", "")].Select(sample => sample.Value));
    }

    [Fact]
    [Capability("R-273")]
    public async Task The_percentiles_are_those_of_the_answers_of_a_day()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url }] });
        var store = world.Get<SampleStore>();
        // Ninety-nine answers of 10 to 990 ms in no order; the look itself takes no time. One of the day before took long.
        foreach (var number in Enumerable.Range(1, 99)) await store.AddAsync(WatchWorld.System, "http/api", [new("seconds", number * 37 % 100 / 100.0)], world.Time.GetUtcNow().AddMinutes(-number), CancellationToken.None);
        await store.AddAsync(WatchWorld.System, "http/api", [new("seconds", 60)], world.Time.GetUtcNow().AddHours(-25), CancellationToken.None);
        await world.TickAsync();

        var target = Assert.Single(await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None));
        Assert.Equal((0.49, 0.94, 0.98), (target.P50, target.P95, target.P99));
    }

    [Fact]
    public async Task The_board_tells_the_availability_of_a_day()
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
        Assert.Equal("seen", target.Outcome);
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
