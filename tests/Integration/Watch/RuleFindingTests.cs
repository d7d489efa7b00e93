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
