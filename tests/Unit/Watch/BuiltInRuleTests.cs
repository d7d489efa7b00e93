using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;
using static WhatsOps.Tests.Unit.Watch.RuleSeries;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>The built-in rules and the manuals' numbers in them.</summary>
public sealed class BuiltInRuleTests
{
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

    [Fact]
    [Capability("R-345")]
    public void More_than_90_percent_of_memory_is_critical_at_once()
    {
        Assert.Equal(Severity.Critical, BuiltIn("bot-memory-critical").Severity);
        Both(BuiltIn("bot-memory-critical"), 90.1, 90);
    }

    [Theory]
    [Capability("R-181")]
    [Capability("R-182")]
    [InlineData("container-cpu", 80, 81)]
    [InlineData("container-memory", 85, 86)]
    public void A_containers_processor_and_memory_are_judged_after_five_minutes(string name, double well, double ill)
    {
        After(5, BuiltIn(name), ill, well, lasting: 10);
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
        After(minutes, BuiltIn(name), ill, well, lasting: 20);
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

    [Theory]
    [InlineData("bull-failures", Severity.Medium, 10)]
    [InlineData("bull-failures-many", Severity.High, 100)]
    public void Jobs_that_failed_within_the_hour_are_counted_and_those_that_were_kept_or_cleaned_away_are_not(string name, Severity severity, double most)
    {
        var rule = BuiltIn(name);
        Assert.Equal(severity, rule.Severity);
        Assert.Equal(RuleState.Quiet, Judge(rule, [5000, 5000, 5000 + most]).State);
        Assert.Equal(RuleState.Firing, Judge(rule, [5000, 5000, 5001 + most]).State);
        Assert.Equal(RuleState.Quiet, Judge(rule, [0, most + 1, .. Repeat(most + 1, 60)]).State);
        // Of 5,000 jobs 4,000 are cleaned away, then one fails.
        Assert.Equal((RuleState.Quiet, 1), (Judge(rule, [5000, 1000, 1001]).State, Judge(rule, [5000, 1000, 1001]).Value!.Value));
    }

    [Theory]
    [InlineData("postgres-long-query", 300.1, 300)]
    [InlineData("postgres-idle-in-transaction", 600.1, 600)]
    public void A_statement_of_five_minutes_and_a_transaction_left_open_for_ten_are_told_at_once(string name, double ill, double well)
    {
        Assert.Equal(Severity.Medium, BuiltIn(name).Severity);
        Both(BuiltIn(name), ill, well);
    }

    [Fact]
    public void Connections_run_out_above_80_percent_for_five_minutes_and_are_back_at_70()
    {
        var rule = BuiltIn("postgres-connections");
        Assert.Equal(Severity.High, rule.Severity);
        After(5, rule, 81, 80, lasting: 10);
        Assert.Equal(RuleState.Firing, Judge(rule, [.. Repeat(81, 6), 71], isFiring: true).State);
        Assert.Equal(RuleState.Quiet, Judge(rule, [.. Repeat(81, 6), 70], isFiring: true).State);
    }

    [Fact]
    public void Six_deadlocks_within_the_hour_are_told_and_those_before_it_are_not()
    {
        var rule = BuiltIn("postgres-deadlocks");
        Assert.Equal(Severity.Medium, rule.Severity);
        Assert.Equal(RuleState.Quiet, Judge(rule, [40, 42, 45]).State);
        Assert.Equal(RuleState.Firing, Judge(rule, [40, 42, 46]).State);
        Assert.Equal(RuleState.Quiet, Judge(rule, [0, .. Repeat(40, 61)]).State);
        // The statistics were reset.
        Assert.Equal((RuleState.Firing, 6), (Judge(rule, [4000, 0, 6]).State, Judge(rule, [4000, 0, 6]).Value!.Value));
    }

    [Fact]
    public void Messages_that_fall_to_less_than_a_fifth_of_the_usual_for_half_an_hour_are_told_and_none_is_no_usual_rate()
    {
        var rule = BuiltIn("messages-fallen");
        Assert.Equal(Severity.Low, rule.Severity);
        Assert.Equal(RuleState.Quiet, Judge(rule, Growth(1440, 10, 30, 2)).State);
        Assert.Equal(RuleState.Firing, Judge(rule, Growth(1440, 10, 30, 1.9)).State);
        Assert.Equal(RuleState.Quiet, Judge(rule, Growth(1440, 10, 23, 0)).State);
        Assert.Equal(RuleState.Firing, Judge(rule, Growth(1440, 10, 30, 3.9), isFiring: true).State);
        Assert.Equal(RuleState.NoData, Judge(rule, Growth(1440, 0, 30, 0)).State);
    }

    [Fact]
    [Capability("R-349")]
    public void Memory_above_80_percent_for_five_minutes_is_a_warning()
    {
        var rule = BuiltIn("bot-memory");
        Assert.Equal(Severity.Medium, rule.Severity);
        After(5, rule, 81, 80, lasting: 10);
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
    public void The_agents_checks_may_take_the_ten_seconds_that_it_calls_healthy() => Both(BuiltIn("agent-slow-checks"), 10.1, 10);

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
        After(minutes, BuiltIn(name), ill, well, lasting: 30);
    }

    [Fact]
    [Capability("R-353")]
    public void A_process_may_hold_a_gigabyte_and_no_more_for_five_minutes()
    {
        var rule = BuiltIn("resident-memory");
        Assert.Equal(Severity.Medium, rule.Severity);
        After(5, rule, 1_073_741_825, 1_073_741_824, lasting: 20);
    }

    [Fact]
    [Capability("R-262")]
    public void A_rate_is_unusual_against_the_day_before_it()
    {
        var rule = BuiltIn("messages-unusual");
        Assert.Equal(RuleState.Quiet, Judge(rule, Growth(1440, 10, 60, 49)).State);
        Assert.Equal(RuleState.Firing, Judge(rule, Growth(1440, 10, 60, 51)).State);
        // A day of which nothing is known is no measure.
        Assert.Equal(RuleState.NoData, Judge(rule, Growth(10, 10, 60, 500)).State);
    }

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
}
