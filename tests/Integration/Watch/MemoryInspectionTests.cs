using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A rule about memory fires, and its finding has what a person would look at: of a real container.</summary>
public sealed class MemoryInspectionTests(ContainerStand stand) : IClassFixture<ContainerStand>
{
    private WatchWorld World => stand.World;

    [Fact]
    [Capability("R-394")]
    public async Task High_memory_of_a_container_is_inspected_and_its_course_told()
    {
        var name = Watched("grows");
        await CourseAsync($"container/{name}", "container.memory.percent", 60, 90);
        var finding = await JudgedAsync($"container-memory/container/{name}");

        Assert.Equal((Severity.Medium, stand.Container.Container), (finding.Severity, finding.Evidence["container"]));
        Assert.Matches(@"^\d+ MB of [\d,]+ MB \([\d.]+ %\)$", finding.Evidence["memory"]);
        Assert.Matches(@"^busybox \d+ MB", finding.Evidence["processes"]);
        Assert.Matches(@"^0, up for \d+ min$", finding.Evidence["restarts"]);
        Assert.Equal("it has no health check", finding.Evidence["health"]);
        Assert.StartsWith("6 h ago 60 %, now 90 %: it grows by 5 % an hour, and is full in ", finding.Evidence["trend"], StringComparison.Ordinal);
        Assert.Equal($"A leak, or more and more load. A restart (docker restart {stand.Container.Container}) gives time; the cause stays.", finding.Evidence["reading"]);
        Assert.Equal("90", finding.Evidence["value"]);
    }

    [Fact]
    [Capability("R-394")]
    public async Task What_was_seen_less_than_ten_minutes_ago_is_not_asked_again_and_the_value_is_of_now()
    {
        var name = Watched("again");
        await CourseAsync($"container/{name}", "container.memory.percent", 90, 90);
        var first = await JudgedAsync($"container-memory/container/{name}");
        await AddAsync($"container/{name}", "container.memory.percent", 91, TimeSpan.FromMinutes(1));
        var second = await JudgedAsync($"container-memory/container/{name}");
        Assert.Equal((first.Id, "91", first.Evidence["inspected_at"]), (second.Id, second.Evidence["value"], second.Evidence["inspected_at"]));
        for (var minute = 0; minute < 10; minute++) await AddAsync($"container/{name}", "container.memory.percent", 91, TimeSpan.FromMinutes(1));
        Assert.NotEqual(first.Evidence["inspected_at"], (await JudgedAsync($"container-memory/container/{name}")).Evidence["inspected_at"]);
    }

    [Fact]
    [Capability("R-394")]
    public async Task Memory_that_a_bot_tells_of_itself_is_looked_for_in_the_container_that_uses_most()
    {
        var name = Watched("bot");
        World.Fleet = World.Fleet with { Watch = World.Fleet.Watch! with { Http = [new() { Name = "stats", Url = "http://127.0.0.1:9/monitoring/stats", Shape = HttpShape.BotStats }] } };
        await using (var command = World.Operations.DataSource.CreateCommand("INSERT INTO whatsops.watch_targets (system, target, next_at, words) VALUES ('shop', 'http/stats', now(), 'The bot says degraded.'), ('other', 'http/x', now(), 'x')"))
            await command.ExecuteNonQueryAsync();
        await AddAsync("container/idle", "container.memory.used.bytes", 1000, TimeSpan.Zero);
        await AddAsync($"container/{name}", "container.memory.used.bytes", 2000, TimeSpan.Zero);
        await CourseAsync("http/stats", "bot.memory.percent", 95, 95);
        var finding = await JudgedAsync("bot-memory-critical/http/stats");
        Assert.Equal((Severity.Critical, stand.Container.Container), (finding.Severity, finding.Evidence["container"]));
        Assert.Equal("http/stats: The bot says degraded.", finding.Evidence["answers"]);
        Assert.EndsWith("it is steady", finding.Evidence["trend"], StringComparison.Ordinal);
        Assert.Equal("It needs this much all the time: a higher limit, or less to do.", finding.Evidence["reading"]);
        Assert.Contains("processes", finding.Evidence.Keys);
    }

    [Fact]
    [Capability("R-394", Absent = true)]
    public async Task A_container_that_is_gone_or_not_watched_is_said_and_the_finding_stands()
    {
        var name = Watched("gone", container: "no-such-container");
        await CourseAsync($"container/{name}", "container.memory.percent", 90, 90);
        var finding = await JudgedAsync($"container-memory/container/{name}");
        Assert.Contains("has no container no-such-container", finding.Evidence["not_seen"], StringComparison.Ordinal);
        Assert.DoesNotContain("memory", finding.Evidence.Keys);
        Assert.EndsWith("it is steady", finding.Evidence["trend"], StringComparison.Ordinal);

        World.Fleet = World.Fleet with { Watch = new() { Http = [new() { Name = "own", Url = "http://127.0.0.1:9/metrics", Shape = HttpShape.Prometheus, Metrics = ["process_resident_memory_bytes"] }] } };
        await CourseAsync("http/own", "prometheus.process_resident_memory_bytes", 2e9, 2e9);
        Assert.Equal("none is watched", (await JudgedAsync("resident-memory/http/own")).Evidence["container"]);
    }

    private string Watched(string name, string? container = null)
    {
        World.Fleet = World.Fleet with
        {
            Watch = new() { Containers = [new() { Name = name, Container = stand.Container with { Container = container ?? stand.Container.Container } }, new() { Name = "idle", Container = stand.Container with { Container = "idle" } }] },
        };
        return name;
    }

    // A sample a minute for six hours.
    private async Task CourseAsync(string target, string metric, double first, double last)
    {
        const int Minutes = 359;
        var now = World.Time.GetUtcNow();
        for (var minute = 0; minute <= Minutes; minute++)
            await World.Get<SampleStore>().AddAsync(WatchWorld.System, target, [new(metric, first + ((last - first) * minute / Minutes))], now.AddMinutes(minute - Minutes), CancellationToken.None);
    }

    private Task AddAsync(string target, string metric, double value, TimeSpan later)
    {
        World.Time.Advance(later);
        return World.Get<SampleStore>().AddAsync(WatchWorld.System, target, [new(metric, value)], World.Time.GetUtcNow(), CancellationToken.None);
    }

    private async Task<Finding> JudgedAsync(string subject)
    {
        var looks = World.GetAll<IProbe>().SelectMany(probe => probe.LooksAt(World.Fleet)).ToDictionary(look => look.Target);
        await World.Get<RuleJudge>().JudgeAsync(World.Fleet, looks, CancellationToken.None);
        return Assert.Single(await World.FindingsAsync(), finding => finding.Subject == subject && finding.State == FindingState.Open);
    }
}
