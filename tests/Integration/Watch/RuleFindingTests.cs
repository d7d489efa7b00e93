using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Rules over samples, from the sample to the finding and its end.</summary>
public sealed class RuleFindingTests
{
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
    public async Task An_outage_longer_than_any_rule_looks_back_closes_no_finding_of_its_target_and_holds_up_no_other()
    {
        const string Crowded = """{"messages":{"total":120},"errors":{"total":4},"users":{"active":200}}""";
        await using var silent = await HttpStand.StartAsync();
        await using var other = await HttpStand.StartAsync();
        silent.Says(Crowded);
        other.Says(Crowded);
        await using var world = await WatchWorld.StartAsync(new()
        {
            Http = [new() { Name = "silent", Url = silent.Url, Shape = HttpShape.BotStats }, new() { Name = "other", Url = other.Url, Shape = HttpShape.BotStats }],
            Rules = [new() { Name = "crowded", Metric = "bot.users.active", Above = 100 }],
        });
        await world.TickAsync();
        Assert.Equal(["threshold_crossed crowded/http/other", "threshold_crossed crowded/http/silent"], await world.OpenAsync());

        silent.Says("", 500);
        for (var minute = 0; minute < 75; minute++) await world.TickAsync();
        Assert.Equal(["target_unreachable http/silent", "threshold_crossed crowded/http/other", "threshold_crossed crowded/http/silent"], await world.OpenAsync());
        // The process was away, too: nothing is left to read but this look.
        await world.TickAsync(TimeSpan.FromHours(3));
        Assert.Contains("threshold_crossed crowded/http/silent", await world.OpenAsync());

        other.Says("""{"messages":{"total":120},"errors":{"total":4},"users":{"active":2}}""");
        await world.TickAsync();
        Assert.Equal(["target_unreachable http/silent", "threshold_crossed crowded/http/silent"], await world.OpenAsync());
        world.Fleet = world.Fleet with { Watch = world.Fleet.Watch! with { Http = [.. world.Fleet.Watch.Http.Where(target => target.Name == "other")] } };
        await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task A_target_that_answers_again_and_is_well_ends_what_its_outage_kept()
    {
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "api", Url = stand.Url }], Rules = [new() { Name = "quick", Metric = "seconds", Below = 1000 }] });
        await world.TickAsync();
        stand.Says("", 500);
        for (var look = 0; look < 3; look++) await world.TickAsync(TimeSpan.FromHours(2));
        Assert.Equal(["target_unreachable http/api", "threshold_crossed quick/http/api"], await world.OpenAsync());
        stand.Says("ok");
        world.Fleet = world.Fleet with { Watch = world.Fleet.Watch! with { Rules = [new() { Name = "quick", Metric = "seconds", Below = 0 }] } };
        for (var look = 0; look < 2; look++) await world.TickAsync();
        Assert.Empty(await world.OpenAsync());
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
}
