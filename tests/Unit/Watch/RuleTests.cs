using CsCheck;
using WhatsOps.Fleet;
using WhatsOps.Watch;
using static WhatsOps.Tests.Unit.Watch.RuleSeries;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>What a rule says of a series, whatever the rule.</summary>
public sealed class RuleTests
{
    [Fact]
    public void A_condition_fires_when_it_held_for_the_whole_time_and_not_a_minute_before()
    {
        var backlog = Rule() with { Above = 1000, ForMinutes = 10 };
        Assert.Equal(RuleState.Pending, Judge(backlog, [900, .. Repeat(1001, 10)]).State);
        Assert.Equal(RuleState.Firing, Judge(backlog, [900, .. Repeat(1001, 11)]).State);
        Assert.Equal(RuleState.Quiet, Judge(backlog, [.. Repeat(1001, 20), 1000]).State);
        Assert.Equal(RuleState.Pending, Judge(backlog, [.. Repeat(1001, 20), 1000, .. Repeat(1001, 9)]).State);
    }

    [Fact]
    public void A_firing_rule_is_over_at_its_own_value_so_that_it_does_not_flap()
    {
        var memory = Rule() with { Above = 90, Clear = 85 };
        Assert.Equal(RuleState.Quiet, Judge(memory, [88]).State);
        Assert.Equal(RuleState.Firing, Judge(memory, [91, 88], isFiring: true).State);
        Assert.Equal(RuleState.Quiet, Judge(memory, [91, 85], isFiring: true).State);
    }

    [Fact]
    public void What_was_not_looked_at_cannot_have_held()
    {
        var down = Rule() with { Above = 0, ForMinutes = 15 };
        Assert.Equal(RuleState.Pending, Judge(down, [.. Repeat(1, 10), null, null, null, null, .. Repeat(1, 8)]).State);
        Assert.Equal(RuleState.Firing, Judge(down, [.. Repeat(1, 10), null, null, .. Repeat(1, 8)]).State);
    }

    [Fact]
    public void Without_a_young_sample_nothing_is_known()
    {
        Assert.Equal(RuleState.NoData, Judge(Rule(), []).State);
        Assert.Equal(RuleState.Quiet, Judge(Rule(), [1, null, null, null]).State);
        Assert.Equal(RuleState.NoData, Judge(Rule(), [1, null, null, null, null]).State);
    }

    [Fact]
    public void A_row_deleted_among_a_million_is_no_growth_and_a_counter_that_began_again_is()
    {
        double?[] values = [1_000_000, 1_000_002, 999_999, 1_000_004];
        Assert.Equal(7, Judge(Rule() with { Metric = "messages.sent", Function = RuleFunction.Increase }, values).Value);
        Assert.Equal(1_000_006, Judge(Rule() with { Metric = "bot.messages", Function = RuleFunction.Increase }, values).Value);

        var ratio = Rule() with { Metric = "bot.errors", Function = RuleFunction.Ratio, Of = "messages.sent" };
        var whole = RuleJudge.Whole(ratio, "a/b", new Dictionary<SeriesKey, List<Sample>> { [new("a/b", "messages.sent", "")] = Series(values) });
        Assert.Equal(0.5, RuleMath.Judge(ratio, Series([0, 0, 0, 3.5]), whole, Start + (3 * Minute), Minute, isFiring: false).Value);

        double?[] day = [.. Enumerable.Range(0, 1500).Select(minute => (double?)(1_000_000 + (minute * 10) - (minute >= 1490 ? 1000 : 0)))];
        Assert.Equal(1, Judge(BuiltIn("messages-unusual"), day).Value!.Value, 1);
    }

    [Fact]
    public void A_verdict_does_not_depend_on_what_lies_before_the_reach_of_its_rule() => Gen.Select(Gen.Int[0, 20].Array[1, 60], Gen.Int[0, 100].Array[0, 30], Gen.Int[0, 12], Gen.Bool).Sample((recent, old, minutes, firing) =>
    {
        var rule = Rule() with { Above = 10, Clear = 8, ForMinutes = minutes };
        var within = (int)(RuleMath.Reach(rule, Minute) / Minute);
        double?[] all = [.. old.Concat(recent).Select(value => (double?)value)];
        double?[] cut = [.. Enumerable.Repeat<double?>(null, Math.Max(0, all.Length - within)), .. all.TakeLast(within)];
        Assert.Equal(Judge(rule, all, firing).State, Judge(rule, cut, firing).State);
    });

    [Fact]
    public void An_own_rule_replaces_the_built_in_one_of_its_name_and_off_switches_it_off()
    {
        var system = new FleetSystem { Name = "shop", Kind = "bot", Watch = new() { Rules = [new() { Name = "bot-errors", Metric = "bot.errors", Above = 50 }, new() { Name = "bot-started", Metric = "bot.uptime.seconds", Off = true }] } };
        var rules = RuleBook.Of(system);
        Assert.Equal(50, rules.Single(rule => rule.Name == "bot-errors").Above);
        Assert.DoesNotContain(rules, rule => rule.Name == "bot-started");
        Assert.Equal(RuleBook.BuiltIn.Count - 1, rules.Count);
    }

    [Fact]
    public void A_rule_covers_its_target_its_family_and_its_subject_only()
    {
        Assert.True(RuleBook.Covers(Rule() with { Target = "http/*" }, new("http/api", "m", "")));
        Assert.False(RuleBook.Covers(Rule() with { Target = "http/*" }, new("https/api", "m", "")));
        Assert.False(RuleBook.Covers(Rule() with { Target = "http/api" }, new("http/api2", "m", "")));
        Assert.False(RuleBook.Covers(Rule() with { Subject = "5xx" }, new("http/api", "m", "4xx")));
    }
}
