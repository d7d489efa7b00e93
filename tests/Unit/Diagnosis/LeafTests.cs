using WhatsOps.Diagnosis;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Diagnosis;

/// <summary>What must be seen to come to each leaf of each tree; none is left out.</summary>
public sealed class LeafTests
{
    private static readonly DiagnosisView Healthy = Views.Healthy;
    private static readonly DiagnosisView Gone = Healthy with { Gateway = Views.Gateway(null), Direct = Views.Not<InstanceState>(Outcome.Absent) };
    private static readonly DiagnosisView NotLoaded = Healthy with { Direct = Views.Seen(InstanceState.NotLoaded) };
    private static readonly DiagnosisView Unreadable = Healthy with { Direct = Views.Not<InstanceState>(Outcome.Unreachable) };
    private static readonly DiagnosisView NoProduct = Healthy with { Tenant = null, Product = new(null, new Dictionary<string, string>(), null, "no connection", false) };
    private static readonly DiagnosisView Elsewhere = Healthy with { Webhook = Views.Seen(new WebhookSettings(true, "https://other.example.com/x", new Dictionary<string, string>(), [], false, false)) };

    private static readonly Dictionary<(string Symptom, string Leaf), DiagnosisView> Cases = new()
    {
        [("connection", "invalid_api_key")] = Key(Outcome.Unauthorized),
        [("connection", "api_key_missing")] = Healthy with { Gateway = Views.Gateway(null, problem: "${env:KEY} has no value") },
        [("connection", "api_unreachable")] = Key(Outcome.Unreachable),
        [("connection", "gateway_unknown")] = Healthy with { Gateway = null },
        [("connection", "product_unreadable")] = NoProduct,
        [("connection", "tenant_unknown")] = Healthy.With(null),
        [("connection", "config_missing")] = Healthy.With(Views.Acme(row: false)),
        [("connection", "not_set_up")] = Gone.With(Views.Acme(row: false)),
        [("connection", "switched_off_but_open")] = Healthy.With(Views.Acme(active: false)),
        [("connection", "switched_off")] = Views.In(InstanceState.Close).With(Views.Acme(active: false)),
        [("connection", "instance_not_found")] = Gone,
        [("connection", "instance_not_loaded")] = NotLoaded,
        [("connection", "instance_unreadable")] = Unreadable,
        [("connection", "qr_expires")] = Views.In(InstanceState.Connecting, qrCodes: 11, hasQr: true, paired: false),
        [("connection", "qr_absent")] = Views.In(InstanceState.Connecting, minutes: 2.1, hasQr: false, paired: false),
        [("connection", "stuck_connecting")] = Views.In(InstanceState.Connecting, minutes: 10.1),
        [("connection", "still_connecting")] = Views.In(InstanceState.Connecting, minutes: 10),
        [("connection", "qr_limit")] = Views.In(InstanceState.Refused),
        [("connection", "logged_out")] = Views.In(InstanceState.Close, 401),
        [("connection", "session_replaced")] = Views.In(InstanceState.Close, 440),
        [("connection", "number_blocked")] = Log(LogSign.Banned),
        [("connection", "qr_timeout")] = Log(LogSign.QrTimeout),
        [("connection", "client_outdated")] = Log(LogSign.Outdated),
        [("connection", "not_paired")] = Views.In(InstanceState.Close) with { Gateway = Views.Gateway(InstanceState.Close, mustPair: true) },
        [("connection", "closed")] = Views.In(InstanceState.Close, 428),
        [("connection", "unknown")] = Views.In(InstanceState.Unknown),
        [("connection", "connected")] = Healthy,
        [("connection", "connected_unheard")] = Elsewhere,

        [("disconnection", "invalid_api_key")] = Key(Outcome.Unauthorized),
        [("disconnection", "api_key_missing")] = Healthy with { Gateway = Views.Gateway(null, problem: "${env:KEY} has no value") },
        [("disconnection", "api_unreachable")] = Key(Outcome.Unreachable),
        [("disconnection", "gateway_unknown")] = Healthy with { Gateway = null },
        [("disconnection", "instance_not_found")] = Gone,
        [("disconnection", "instance_not_loaded")] = NotLoaded,
        [("disconnection", "instance_unreadable")] = Unreadable,
        [("disconnection", "logged_out")] = Views.In(InstanceState.Close, 403) with { Disconnections = 9 },
        [("disconnection", "session_replaced")] = Views.In(InstanceState.Close, 440),
        [("disconnection", "not_paired")] = Views.In(InstanceState.Close) with { Gateway = Views.Gateway(InstanceState.Close, mustPair: true) },
        [("disconnection", "gateway_wide")] = Healthy with { Disconnections = 4, Neighbours = (3, 10) },
        [("disconnection", "frequent_disconnections")] = Healthy with { Disconnections = 4, Neighbours = (2, 2) },
        [("disconnection", "api_unstable")] = Healthy with { Lately = Views.Calls(1000, 949) },
        [("disconnection", "disconnected_once")] = Views.In(InstanceState.Close, 428),
        [("disconnection", "steady")] = Healthy with { Disconnections = 3 },

        [("isolation", "nothing_to_mix")] = Healthy.With(Views.Acme(row: false)),
        [("isolation", "tenant_unknown")] = Healthy.With(null),
        [("isolation", "product_unreadable")] = NoProduct,
        [("isolation", "no_instance_name")] = Healthy.With(Views.Acme(name: null)),
        [("isolation", "name_of_another_tenant")] = Healthy.With(Views.Acme(name: "revalya-beta")),
        [("isolation", "invalid_prefix")] = Healthy.With(Views.Acme(name: "acme")),
        [("isolation", "slug_mismatch")] = Healthy.With(Views.Acme(name: "revalya-acne")),
        [("isolation", "shared_instance")] = Healthy with { Sharers = ["acme", "beta"] },
        [("isolation", "foreign_traffic")] = Healthy with { Foreign = [Views.Foreign] },
        [("isolation", "webhook_elsewhere")] = Elsewhere,
        [("isolation", "isolated_as_far_as_seen")] = Healthy with { Webhook = Views.Not<WebhookSettings>(Outcome.Unreachable) },
        [("isolation", "isolated")] = Healthy,

        [("performance", "not_measured")] = Healthy with { Performance = Performance.None },
        [("performance", "slow_status")] = Healthy with { Performance = Views.Calls(status: 5001) },
        [("performance", "slow_api")] = Healthy with { Performance = Views.Calls(average: 5000.1) },
        [("performance", "high_error_rate_timeouts")] = Failing("timeout"),
        [("performance", "high_error_rate_connection")] = Failing("no_connection"),
        [("performance", "high_error_rate_key")] = Failing("unauthorized"),
        [("performance", "high_error_rate_server")] = Failing("http_5xx"),
        [("performance", "high_error_rate")] = Failing("refused"),
        [("performance", "some_timeouts")] = Healthy with { Performance = Views.Calls(good: 999, timeouts: 1) },
        [("performance", "normal")] = Healthy,

        [("sending", "invalid_api_key")] = Key(Outcome.Unauthorized),
        [("sending", "api_key_missing")] = Healthy with { Gateway = Views.Gateway(null, problem: "${env:KEY} has no value") },
        [("sending", "api_unreachable")] = Key(Outcome.Unreachable),
        [("sending", "gateway_unknown")] = Healthy with { Gateway = null },
        [("sending", "instance_not_found")] = Gone,
        [("sending", "instance_not_loaded")] = NotLoaded,
        [("sending", "instance_unreadable")] = Unreadable,
        [("sending", "not_connected")] = Views.In(InstanceState.Close, 428),
        [("sending", "queue_unconsumed")] = Unconsumed,
        [("sending", "queue_backlog")] = Around(("rabbitmq/broker", "rabbitmq.queue.messages", "send", 1001)),
        [("sending", "send_errors")] = Healthy with { Around = Surroundings.None with { Errors = [new("send to # failed", 3)] } },
        [("sending", "failing_calls")] = Failing("timeout"),
        [("sending", "sends")] = Healthy with { Around = Surroundings.None with { Errors = [] } },

        [("latency", "resources_exhausted")] = Around(("container/app", "container.cpu.limit.percent", "", 80.1)),
        [("latency", "database_down")] = Around(("postgres/db", "up", "", 0)),
        [("latency", "database_strained")] = Around(("postgres/db", "postgres.connections.percent", "", 80.1)),
        [("latency", "queue_unconsumed")] = Unconsumed,
        [("latency", "queue_backlog")] = Around(("redis/queues", "bull.waiting.age.seconds", "SendQueue", 301)),
        [("latency", "slow_calls")] = Healthy with { Performance = Views.Calls(average: 5000.1) },
        [("latency", "not_watched")] = Healthy,
        [("latency", "no_cause")] = Around(("postgres/db", "up", "", 1)),

        [("memory", "memory_leak")] = Memory(85.1, MemoryCourse.Growing),
        [("memory", "memory_jump")] = Memory(85.1, MemoryCourse.Jumped),
        [("memory", "memory_limit")] = Memory(85.1, MemoryCourse.Steady),
        [("memory", "memory_high")] = Memory(85.1, MemoryCourse.Unknown),
        [("memory", "memory_restarts")] = Memory(85, MemoryCourse.Growing, restarts: 1),
        [("memory", "memory_fine")] = Memory(85, MemoryCourse.Growing),
        [("memory", "not_watched")] = Healthy,
    };

    public static TheoryData<string, string> Leaves() => [.. AllTrees.All.SelectMany(tree => tree.Conclusions.Select(leaf => (tree.Symptom, leaf.Id)))];

    [Theory, MemberData(nameof(Leaves))]
    [Capability("R-053")]
    [Capability("R-136")]
    public void Every_leaf_is_come_to_by_what_must_be_seen(string symptom, string leaf)
    {
        var result = Walk(symptom, Cases[(symptom, leaf)]);
        Assert.Equal(leaf, result.Conclusion);
        Assert.NotEmpty(result.Path);
        Assert.DoesNotContain("{", result.Cause + result.Task, StringComparison.Ordinal);
        Assert.Equal(result.Remedy is null, result.Command is null);
    }

    [Fact]
    public void The_key_is_asked_before_a_404_is_believed()
    {
        var blind = Key(Outcome.Unauthorized) with { Direct = Views.Not<InstanceState>(Outcome.Absent) };
        Assert.Equal(("invalid_api_key", null), (Walk("connection", blind).Conclusion, Walk("connection", blind).Remedy));
        Assert.Single(Walk("connection", blind).Path);
    }

    [Fact]
    [Capability("R-059", HumanTask = true)]
    public void A_refused_key_is_a_persons_to_renew_and_no_runbooks()
    {
        var refused = Walk("connection", Key(Outcome.Unauthorized));
        Assert.Equal(("invalid_api_key", null, null), (refused.Conclusion, refused.Remedy, refused.Command));
        Assert.Contains("key", refused.Task, StringComparison.Ordinal);
        Assert.NotEqual("invalid_api_key", Walk("connection", Gone).Conclusion);
    }

    [Fact]
    public void A_remedy_is_a_command_that_can_be_copied()
    {
        Assert.Equal("whatsops runbooks run create-instance --system revalya --tenant acme", Walk("connection", Gone).Command);
        Assert.Equal("whatsops runbooks run wait-for-stability --system revalya --gateway gw0", Walk("connection", Key(Outcome.Unreachable)).Command);
    }

    [Theory]
    [InlineData(3, 9, "steady")]
    [InlineData(4, 9, "frequent_disconnections")]
    [InlineData(4, 10, "frequent_disconnections")]
    [Capability("R-062")]
    public void More_than_three_disconnections_are_frequent(int disconnections, int instances, string leaf) =>
        Assert.Equal(leaf, Walk("disconnection", Healthy with { Disconnections = disconnections, Neighbours = (1, instances) }).Conclusion);

    [Theory]
    [InlineData(2, 2, "frequent_disconnections")]
    [InlineData(3, 10, "gateway_wide")]
    [InlineData(3, 11, "frequent_disconnections")]
    public void Three_neighbours_and_thirty_percent_make_it_the_gateway_s(int fallen, int all, string leaf) =>
        Assert.Equal(leaf, Walk("disconnection", Healthy with { Disconnections = 4, Neighbours = (fallen, all) }).Conclusion);

    [Theory]
    [InlineData(true, 950, "steady")]
    [InlineData(true, 949, "api_unstable")]
    [InlineData(false, 1000, "api_unstable")]
    [Capability("R-063")]
    public void A_gateway_is_unstable_without_its_welcome_page_or_under_95_percent(bool probe, long good, string leaf) =>
        Assert.Equal(leaf, Walk("disconnection", Healthy with { Gateway = Views.Gateway(InstanceState.Open, probe: probe), Lately = Views.Calls(good: good) }).Conclusion);

    [Theory]
    [InlineData(401, "logged_out")]
    [InlineData(402, "logged_out")]
    [InlineData(403, "logged_out")]
    [InlineData(406, "logged_out")]
    [InlineData(428, "closed")]
    [InlineData(515, "closed")]
    [InlineData(null, "closed")]
    [Capability("R-418")]
    public void Reasons_that_end_a_session_go_to_pairing_and_no_others(int? reason, string leaf) => Assert.Equal(leaf, Walk("connection", Views.In(InstanceState.Close, reason)).Conclusion);

    [Theory]
    [InlineData(2, false, "still_connecting")]
    [InlineData(2.01, false, "qr_absent")]
    [InlineData(2.01, true, "still_connecting")]
    [InlineData(2.01, null, "still_connecting")]
    [Capability("R-054")]
    public void No_code_two_minutes_after_connecting_began_is_a_missing_code(double minutes, bool? hasQr, string leaf) =>
        Assert.Equal(leaf, Walk("connection", Views.In(InstanceState.Connecting, minutes: minutes, hasQr: hasQr, paired: false)).Conclusion);

    [Theory]
    [InlineData(10, "still_connecting")]
    [InlineData(11, "qr_expires")]
    [Capability("R-055")]
    public void More_than_ten_codes_an_hour_are_codes_that_nobody_scans(int codes, string leaf) =>
        Assert.Equal(leaf, Walk("connection", Views.In(InstanceState.Connecting, qrCodes: codes, hasQr: true, paired: false)).Conclusion);

    [Theory]
    [InlineData(10, "still_connecting")]
    [InlineData(10.01, "stuck_connecting")]
    [Capability("R-056")]
    public void More_than_ten_minutes_of_connecting_are_stuck(double minutes, string leaf) => Assert.Equal(leaf, Walk("connection", Views.In(InstanceState.Connecting, minutes: minutes)).Conclusion);

    [Theory]
    [InlineData(5000, "normal")]
    [InlineData(5000.01, "slow_api")]
    [Capability("R-071")]
    public void More_than_5000_ms_on_average_are_slow(double average, string leaf) => Assert.Equal(leaf, Walk("performance", Healthy with { Performance = Views.Calls(average: average) }).Conclusion);

    [Theory]
    [InlineData(950, "normal")]
    [InlineData(949, "high_error_rate")]
    [Capability("R-072")]
    public void Fewer_than_95_percent_successes_are_a_high_error_rate(long good, string leaf) =>
        Assert.Equal(leaf, Walk("performance", Healthy with { Performance = Views.Calls(good: good, errors: ("refused", 1000 - good)) }).Conclusion);

    [Theory]
    [InlineData(5000, "normal")]
    [InlineData(5000.01, "slow_status")]
    [Capability("R-420")]
    public void Looks_that_a_person_waits_for_may_take_5_seconds(double status, string leaf) => Assert.Equal(leaf, Walk("performance", Healthy with { Performance = Views.Calls(status: status) }).Conclusion);

    [Theory]
    [InlineData("QrTimeout", "qr_timeout")]
    [InlineData("Banned", "number_blocked")]
    [InlineData("Replaced", "session_replaced")]
    [InlineData("Removed", "logged_out")]
    [InlineData("Outdated", "client_outdated")]
    [InlineData("None", "closed")]
    [Capability("R-307")]
    public void What_the_log_said_last_decides_why_an_instance_is_closed_and_says_nothing_of_an_open_one(string word, string leaf)
    {
        var sign = Enum.Parse<LogSign>(word);
        Assert.Equal(leaf, Walk("connection", Log(sign)).Conclusion);
        Assert.Equal("connected", Walk("connection", Healthy with { Around = Surroundings.None with { Sign = sign } }).Conclusion);
    }

    [Theory]
    [InlineData("container/app", "container.cpu.limit.percent", "", 80, 80.1, "resources_exhausted")]
    [InlineData("container/app", "container.memory.percent", "", 85, 85.1, "resources_exhausted")]
    [InlineData("postgres/db", "up", "", 1, 0, "database_down")]
    [InlineData("postgres/db", "postgres.connections.percent", "", 80, 80.1, "database_strained")]
    [InlineData("postgres/db", "postgres.longest_query.seconds", "", 300, 301, "database_strained")]
    [InlineData("rabbitmq/broker", "rabbitmq.queue.messages", "whatsapp.send.messages", 1000, 1001, "queue_backlog")]
    [Capability("R-312")]
    [Capability("R-313")]
    [Capability("R-314")]
    public void What_makes_answers_slow_is_told_by_the_numbers_of_the_rules(string target, string metric, string subject, double well, double ill, string leaf)
    {
        Assert.Equal("no_cause", Walk("latency", Around((target, metric, subject, well))).Conclusion);
        Assert.Equal(leaf, Walk("latency", Around((target, metric, subject, ill))).Conclusion);
    }

    [Fact]
    [Capability("R-394")]
    public void Why_memory_is_high_is_told_by_its_course_with_the_container_that_has_least_left()
    {
        var leak = Walk("memory", Memory(90, MemoryCourse.Growing));
        Assert.Equal(("memory_leak", "growing"), (leak.Conclusion, leak.Path[1].Answer));
        Assert.Equal(("container/app", "6 h ago 60 %, now 90 %: it grows by 5 % an hour, and is full in 2 h"), (leak.Path[1].Evidence["target"], leak.Path[1].Evidence["trend"]));
        Assert.Equal("2", Walk("memory", Memory(10, MemoryCourse.Steady, restarts: 2)).Path[1].Evidence["container/app"]);
    }

    [Fact]
    public void A_rule_of_the_system_has_its_own_number_here_too()
    {
        var system = Views.System with { Watch = new() { Rules = [new() { Name = "container-cpu", Metric = "container.cpu.limit.percent", Above = 95 }] } };
        Assert.Equal("no_cause", Walk("latency", Around(("container/app", "container.cpu.limit.percent", "", 90)) with { System = system }).Conclusion);
    }

    [Fact]
    [Capability("R-311")]
    public void Why_messages_are_not_sent_is_asked_of_the_instance_the_queue_and_the_log_in_this_order()
    {
        var all = Unconsumed with { Around = Unconsumed.Around with { Errors = [new("send to # failed", 3)] } };
        Assert.Equal("not_connected", Walk("sending", all with { Gateway = Views.Gateway(InstanceState.Close), Direct = Views.Seen(InstanceState.Close) }).Conclusion);
        Assert.Equal("queue_unconsumed", Walk("sending", all).Conclusion);
        var errors = Walk("sending", all with { Around = Surroundings.None with { Errors = all.Around.Errors } });
        Assert.Equal(("send_errors", "3x send to # failed"), (errors.Conclusion, errors.Path[^1].Evidence["error1"]));
        Assert.Equal("sends", Walk("sending", Healthy).Conclusion);
    }

    [Fact]
    [Capability("R-135")]
    public void Severity_says_how_urgent_it_is()
    {
        Assert.Equal(Severity.Critical, Walk("connection", Key(Outcome.Unreachable)).Severity);
        Assert.Equal(Severity.High, Walk("connection", Views.In(InstanceState.Close, 401)).Severity);
        Assert.Equal(Severity.Info, Walk("connection", Healthy).Severity);
    }

    private static DiagnosisView Log(LogSign sign) => Views.In(InstanceState.Close, 428) with { Around = Surroundings.None with { Sign = sign } };

    private static DiagnosisView Unconsumed => Around(("rabbitmq/broker", "rabbitmq.queue.messages", "send", 1), ("rabbitmq/broker", "rabbitmq.queue.consumers", "send", 0));

    private static DiagnosisView Around(params (string Target, string Metric, string Subject, double Value)[] newest) =>
        Healthy with { Around = new(newest.ToDictionary(one => new SeriesKey(one.Target, one.Metric, one.Subject), one => one.Value)) };

    private static DiagnosisView Memory(double percent, MemoryCourse course, double restarts = 0)
    {
        var view = Around(("container/app", "container.memory.percent", "", percent));
        return view with { Around = view.Around with { Memory = ("container/app", new(course, TimeSpan.FromHours(6), 60, 90, 5)), Restarts = new Dictionary<string, double> { ["container/app"] = restarts } } };
    }

    private static DiagnosisView Key(Outcome outcome) => Healthy with { Gateway = Views.Gateway(null, outcome: outcome), Direct = null, Webhook = null };

    private static DiagnosisView Failing(string type) => Healthy with { Performance = Views.Calls(good: 900, errors: [(type, 60), ("wrong_answer", 40)]) };

    private static DiagnosisResult Walk(string symptom, DiagnosisView view) => TreeWalk.Walk(AllTrees.All.Single(tree => tree.Symptom == symptom), view);
}
