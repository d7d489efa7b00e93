using CsCheck;
using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>Rules as Prometheus' are tested: a series in, a verdict out. One sample a minute; <c>null</c> is a look that saw nothing.</summary>
public sealed class RuleTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

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
    [Capability("R-344")]
    public void Errors_of_five_minutes_are_the_growth_of_a_counter_that_may_begin_again()
    {
        var critical = BuiltIn("bot-errors-critical");
        Assert.Equal(RuleState.Quiet, Judge(critical, [100, 100, 102, 104, 106, 110]).State);
        Assert.Equal(RuleState.Firing, Judge(critical, [100, 100, 102, 104, 106, 111]).State);
        // A restart: 3 before it, 8 since.
        Assert.Equal(11, Judge(critical, [200, 201, 203, 5, 7, 8]).Value);
        // The total of the day before does not count as errors of today.
        Assert.Equal(0, Judge(critical, [4000, 4000, 4000]).Value);
    }

    [Fact]
    [Capability("R-348")]
    public void Six_errors_in_five_minutes_are_a_warning_and_five_are_none()
    {
        var warning = BuiltIn("bot-errors");
        Assert.Equal(Severity.Medium, warning.Severity);
        Assert.Equal(RuleState.Quiet, Judge(warning, [0, 1, 2, 3, 4, 5]).State);
        Assert.Equal(RuleState.Firing, Judge(warning, [0, 1, 2, 3, 4, 6]).State);
    }

    [Theory]
    [Capability("R-345"), Capability("R-349")]
    [InlineData("bot-memory-critical", Severity.Critical, 90, 90.1, 2)]
    [InlineData("bot-memory", Severity.Medium, 80, 80.1, 5)]
    public void Memory_is_judged_by_the_manuals_percents(string name, Severity severity, double well, double ill, int minutes)
    {
        Assert.Equal(severity, BuiltIn(name).Severity);
        Assert.Equal(RuleState.Quiet, Judge(BuiltIn(name), Repeat(well, 10)).State);
        Assert.Equal(RuleState.Pending, Judge(BuiltIn(name), Repeat(ill, minutes)).State);
        Assert.Equal(RuleState.Firing, Judge(BuiltIn(name), Repeat(ill, minutes + 1)).State);
    }

    [Theory]
    [Capability("R-181")]
    [Capability("R-182")]
    [InlineData("container-cpu", 80, 81)]
    [InlineData("container-memory", 85, 86)]
    public void A_containers_processor_and_memory_are_judged_after_five_minutes(string name, double well, double ill)
    {
        Assert.Equal(RuleState.Quiet, Judge(BuiltIn(name), Repeat(well, 10)).State);
        Assert.Equal(RuleState.Pending, Judge(BuiltIn(name), Repeat(ill, 5)).State);
        Assert.Equal(RuleState.Firing, Judge(BuiltIn(name), Repeat(ill, 6)).State);
    }

    [Theory]
    [Capability("R-265")]
    [Capability("R-268")]
    [InlineData("rabbitmq-queue-backlog", Severity.Medium, 1000, 1001, 10)]
    [InlineData("redis-memory", Severity.High, 90, 91, 5)]
    [InlineData("bull-oldest-waiting", Severity.Medium, 300, 301, 5)]
    public void Queues_and_their_memory_are_judged_after_minutes(string name, Severity severity, double well, double ill, int minutes)
    {
        Assert.Equal(severity, BuiltIn(name).Severity);
        Assert.Equal(RuleState.Quiet, Judge(BuiltIn(name), Repeat(well, 20)).State);
        Assert.Equal(RuleState.Pending, Judge(BuiltIn(name), Repeat(ill, minutes)).State);
        Assert.Equal(RuleState.Firing, Judge(BuiltIn(name), Repeat(ill, minutes + 1)).State);
    }

    [Fact]
    public void A_cache_that_evicts_may_be_full()
    {
        Assert.True(RuleBook.Covers(BuiltIn("redis-memory"), new("redis/queues", "redis.memory.used.percent", "noeviction")));
        Assert.False(RuleBook.Covers(BuiltIn("redis-memory"), new("redis/cache", "redis.memory.used.percent", "allkeys-lru")));
    }

    [Fact]
    public void Clients_that_Redis_turned_away_are_said_and_those_of_long_ago_are_not()
    {
        Assert.Equal(RuleState.Quiet, Judge(BuiltIn("redis-rejected-connections"), [7, 7, 7]).State);
        Assert.Equal(RuleState.Firing, Judge(BuiltIn("redis-rejected-connections"), [7, 7, 8]).State);
    }

    [Fact]
    [Capability("R-343")]
    public void A_minute_after_a_start_is_critical() => Both(BuiltIn("bot-just-started"), 59, 60);

    [Fact]
    [Capability("R-347")]
    public void Five_minutes_after_a_start_are_a_warning() => Both(BuiltIn("bot-started"), 299, 300);

    [Fact]
    [Capability("R-350")]
    public void An_answer_of_more_than_five_seconds_is_a_warning() => Both(BuiltIn("very-slow-answer"), 5.1, 5);

    [Fact]
    [Capability("R-263"), Capability("R-266")]
    public void Five_percent_of_failed_messages_are_borne_and_more_is_critical_after_five_minutes()
    {
        var rule = BuiltIn("turbozap-high-error-rate");
        Assert.Equal((Severity.Critical, 5, 5), (rule.Severity, rule.ForMinutes, rule.WindowMinutes));
        // Of a thousand messages a minute.
        RuleState After(int minutes, double failures)
        {
            var (failed, sent) = (Grows(failures, minutes), Grows(1000 - failures, minutes));
            return RuleMath.Judge(rule, failed, [failed, sent], Start + (minutes * Minute), Minute, isFiring: false).State;
        }

        Assert.Equal(RuleState.Quiet, After(30, 50));
        // The first look gives no growth; from the second on it is above.
        Assert.Equal(RuleState.Pending, After(5, 51));
        Assert.Equal(RuleState.Firing, After(6, 51));
    }

    [Fact]
    [Capability("R-174")]
    public void One_percent_of_failed_requests_is_what_is_promised()
    {
        var rule = BuiltIn("agent-error-rate");
        RuleVerdict Of(double failures)
        {
            var (failed, well) = (Grows(failures, 20), Grows(1000 - failures, 20));
            return RuleMath.Judge(rule, failed, [failed, well], Start + (20 * Minute), Minute, isFiring: false);
        }

        Assert.Equal((RuleState.Quiet, 0.009), (Of(9).State, Math.Round(Of(9).Value!.Value, 6)));
        Assert.Equal(RuleState.Quiet, Of(10).State);
        Assert.Equal((RuleState.Firing, 0.011), (Of(11).State, Math.Round(Of(11).Value!.Value, 6)));
    }

    [Fact]
    public void The_error_rate_is_a_part_of_the_messages_and_not_a_number_per_second()
    {
        var rule = BuiltIn("turbozap-high-error-rate") with { ForMinutes = 0 };
        // 20 failures a minute are more than 0.05 a second, and 4 percent of 500.
        double?[] failed = [0, 20, 40, 60, 80, 100], sent = [0, 480, 960, 1440, 1920, 2400];
        var few = RuleMath.Judge(rule, Series(failed), [Series(failed), Series(sent)], Start + (5 * Minute), Minute, isFiring: false);
        Assert.Equal(0.04, few.Value!.Value, 6);
        Assert.Equal(RuleState.Quiet, few.State);
        double?[] more = [0, 26, 52, 78, 104, 130];
        Assert.Equal(RuleState.Firing, RuleMath.Judge(rule, Series(more), [Series(more), Series([0, 474, 948, 1422, 1896, 2370])], Start + (5 * Minute), Minute, isFiring: false).State);
        // Nothing sent: nothing failed.
        Assert.Equal(RuleState.Quiet, RuleMath.Judge(rule, Series([7, 7]), [Series([7, 7]), Series([9, 9])], Start + Minute, Minute, isFiring: false).State);
    }

    [Fact]
    [Capability("R-264")]
    public void The_99th_percentile_of_the_answers_is_compared_with_two_seconds()
    {
        var rule = BuiltIn("slow-answers");
        Assert.Equal(RuleState.Quiet, Judge(rule, [.. Repeat(0.1, 9), 2.0]).State);
        Assert.Equal(RuleState.Firing, Judge(rule, [.. Repeat(0.1, 9), 2.1]).State);
    }

    [Fact]
    [Capability("R-173")]
    public void Half_a_second_of_average_answer_is_what_is_promised()
    {
        Assert.Equal(RuleState.Quiet, Judge(BuiltIn("answers-above-sla"), Repeat(0.5, 40)).State);
        Assert.Equal(RuleState.Firing, Judge(BuiltIn("answers-above-sla"), Repeat(0.51, 40)).State);
    }

    [Theory]
    [Capability("R-176")]
    [InlineData("throughput-low", Severity.Medium, 100, 99, 10)]
    [InlineData("throughput-critical", Severity.Critical, 50, 49, 5)]
    [InlineData("throughput-unusual", Severity.Medium, 0.5, 0.49, 15)]
    public void Throughput_is_judged_after_minutes_by_its_numbers_and_by_what_is_usual(string name, Severity severity, double well, double ill, int minutes)
    {
        Assert.Equal(severity, BuiltIn(name).Severity);
        Assert.Equal(RuleState.Quiet, Judge(BuiltIn(name), Repeat(well, 30)).State);
        Assert.Equal(RuleState.Pending, Judge(BuiltIn(name), Repeat(ill, minutes)).State);
        Assert.Equal(RuleState.Firing, Judge(BuiltIn(name), Repeat(ill, minutes + 1)).State);
    }

    [Fact]
    [Capability("R-353")]
    public void A_process_may_hold_a_gigabyte_and_no_more_for_five_minutes()
    {
        var rule = BuiltIn("resident-memory");
        Assert.Equal(Severity.Medium, rule.Severity);
        Assert.Equal(RuleState.Quiet, Judge(rule, Repeat(1_073_741_824, 20)).State);
        Assert.Equal(RuleState.Pending, Judge(rule, Repeat(1_073_741_825, 5)).State);
        Assert.Equal(RuleState.Firing, Judge(rule, Repeat(1_073_741_825, 6)).State);
    }

    [Fact]
    [Capability("R-262")]
    public void A_rate_is_unusual_against_the_day_before_it()
    {
        var rule = BuiltIn("messages-unusual");
        double?[] Growth(int day, double usual, int minutes, double now) => [.. Enumerable.Range(0, day).Select(minute => (double?)(minute * usual)), .. Enumerable.Range(1, minutes).Select(minute => (double?)(((day - 1) * usual) + (minute * now)))];
        Assert.Equal(RuleState.Quiet, Judge(rule, Growth(1440, 10, 60, 49)).State);
        Assert.Equal(RuleState.Firing, Judge(rule, Growth(1440, 10, 60, 51)).State);
        // A day of which nothing is known is no measure.
        Assert.Equal(RuleState.NoData, Judge(rule, Growth(10, 10, 60, 500)).State);
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
    public void Built_in_rules_obey_the_rules_for_rules()
    {
        var problems = new FleetProblems();
        WatchFields.Check(new() { Rules = RuleBook.BuiltIn }, "$", problems);
        Assert.Empty(problems.All);
        Assert.All(RuleBook.BuiltIn, rule => Assert.NotNull(rule.Says));
    }

    [Theory]
    [InlineData("log-refusals", 21, 20)]
    [InlineData("log-slow-entries", 21, 20)]
    [InlineData("log-processing-time", 5001, 5000)]
    [InlineData("access-errors", 5.1, 5)]
    public void Numbers_of_logs_fire_above_their_limit_only(string rule, double ill, double well) => Both(BuiltIn(rule), ill, well);

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

    private static void Both(WatchRule rule, double ill, double well)
    {
        Assert.Equal(RuleState.Firing, Judge(rule, [ill]).State);
        Assert.Equal(RuleState.Quiet, Judge(rule, [well]).State);
    }

    private static RuleVerdict Judge(WatchRule rule, double?[] values, bool isFiring = false) =>
        RuleMath.Judge(rule, Series(values), [], Start + ((values.Length - 1) * Minute), Minute, isFiring);

    private static List<Sample> Series(double?[] values) => [.. values.Select((value, minute) => (value, minute)).Where(one => one.value is not null).Select(one => new Sample(Start + (one.minute * Minute), one.value!.Value))];

    // A counter, once a minute.
    private static List<Sample> Grows(double by, int minutes) => Series([.. Enumerable.Range(0, minutes + 1).Select(minute => (double?)(minute * by))]);

    private static double?[] Repeat(double value, int times) => [.. Enumerable.Repeat((double?)value, times)];

    private static WatchRule BuiltIn(string name) => RuleBook.BuiltIn.Single(rule => rule.Name == name);

    private static WatchRule Rule() => new() { Name = "rule", Metric = "m", Above = 10 };
}
