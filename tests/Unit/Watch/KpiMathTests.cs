using CsCheck;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

public sealed class KpiMathTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly Dictionary<string, TimeSpan> Paces = new() { ["http/api"] = TimeSpan.FromMinutes(1), ["site/shop"] = TimeSpan.FromDays(1) };

    [Fact]
    [Capability("R-370"), Capability("R-373")]
    public void Every_indicator_of_the_manuals_is_made_of_its_series()
    {
        SeriesFacts[] facts =
        [
            new("http/api", "up", "", 168, 0.995, 1, 0) { Samples = 10_000, Total = 9950 },
            new("http/api", "seconds", "", 168, 0.2, 3, 0),
            new("http/api", "bot.messages", "", 168, 0, 0, 20160),
            new("http/api", "bot.errors", "", 168, 0, 0, 252),
            new("http/api", "prometheus.http_requests_total", "2xx", 168, 0, 0, 907.2),
            new("http/api", "prometheus.http_requests_total", "5xx", 168, 0, 0, 100.8),
            new("container/app", "container.cpu.limit.percent", "", 168, 30, 90, 0),
            new("postgres/db", "postgres.size.bytes", "", 168, 0, 3.0 * 1024 * 1024 * 1024, 0),
        ];
        Assert.Equal(
        [
            "container/app most use of processor 90 %", "container/app use of processor 30 %",
            "http/api availability 99.5 %", "http/api error rate bot.messages 1.25 %", "http/api error rate prometheus.http_requests_total 10 %", "http/api latency 200 ms",
            "http/api slowest answer 3000 ms", "http/api throughput bot.messages 2 per minute", "http/api throughput prometheus.http_requests_total 0.1 per minute",
            "postgres/db size 3 GB",
        ], KpiMath.Of(facts, [], Week, Paces).Select(Line));
    }

    [Theory]
    [Capability("R-175"), Capability("R-372")]
    // Once a minute, and for an hour of the week.
    [InlineData("http/api", 60, 1, 0.595)]
    [InlineData("http/api", 10_080, 168, 100)]
    [InlineData("http/api", 9071, 168, 89.99)]
    [InlineData("http/api", 9072, 168, 90)]
    // Many looks in a few hours do not make up for the hours without any.
    [InlineData("http/api", 10_080, 84, 50)]
    // Once a day: an hour without a look is no gap.
    [InlineData("site/shop", 7, 7, 100)]
    [InlineData("site/shop", 6, 6, 85.714)]
    public void An_availability_says_which_part_of_the_time_was_looked_at_by_the_targets_own_pace(string target, int looks, int hours, double coverage)
    {
        var kpi = Assert.Single(KpiMath.Of([new(target, "up", "", hours, 1, 1, 0) { Samples = looks, Total = looks }], [], Week, Paces));
        Assert.Equal(100, kpi.Value);
        Assert.Equal(coverage, kpi.CoveragePercent!.Value, 3);
        Assert.Equal(coverage < 90, kpi.IsIncomplete);
    }

    [Fact]
    [Capability("R-175")]
    public void What_was_planned_is_neither_up_nor_down_and_stands_apart()
    {
        SeriesFacts up = new("http/api", "up", "", 168, 0, 1, 0) { Samples = 10_080, Total = 10_000 };
        Assert.Equal(
            ["http/api availability 99.8999 %", "http/api planned maintenance 90 min"],
            KpiMath.Of([up, new("http/api", "up.planned", "", 2, 0, 1, 0) { Samples = 90, Total = 20 }], [], Week, Paces).Select(Line));
        // A week that was planned as a whole says nothing of the promise.
        Assert.Equal(["http/api planned maintenance 10080 min"], KpiMath.Of([up, up with { Metric = "up.planned" }], [], Week, Paces).Select(Line));
        // Of a target that the file no longer names the pace is not known: neither complete nor incomplete.
        var gone = Assert.Single(KpiMath.Of([up with { Target = "http/gone" }], [], Week, Paces));
        Assert.Equal((null, false), (gone.CoveragePercent, gone.IsIncomplete));
    }

    [Fact]
    [Capability("R-177"), Capability("R-178"), Capability("R-180")]
    public void The_agents_business_is_what_came_in_the_time_and_not_since_its_first_row()
    {
        SeriesFacts[] facts =
        [
            new("postgres/agent", "agent.conversations", "", 168, 9000, 9100, 336), new("postgres/agent", "messages.received", "", 168, 1e6, 1e6, 400),
            new("postgres/agent", "messages.sent", "", 168, 1e6, 1e6, 380), new("postgres/agent", "agent.appointments", "", 168, 700, 712, 12),
            // A gateway's messages are no answers.
            new("postgres/gateway", "messages.received", "", 168, 5, 5, 5), new("postgres/gateway", "messages.sent", "", 168, 5, 5, 5),
        ];
        var kpis = KpiMath.Of(facts, [], Week, Paces).Where(kpi => kpi.Name != "throughput").ToArray();
        Assert.Equal(
        [
            "postgres/agent conversations started 2 per hour", "postgres/agent conversions 12 appointments", "postgres/agent messages received 400 messages",
            "postgres/agent messages sent 380 messages", "postgres/agent response rate 95 %",
        ], kpis.Select(Line));
        // Nobody wrote: there is no rate.
        Assert.DoesNotContain(KpiMath.Of([facts[0], facts[1] with { Growth = 0 }, facts[2]], [], Week, Paces), kpi => kpi.Name == "response rate");
    }

    [Fact]
    public void What_was_not_watched_before_has_no_change_and_what_was_has()
    {
        SeriesFacts[] now = [new("http/api", "seconds", "", 168, 0.3, 0.3, 0), new("http/new", "seconds", "", 10, 0.3, 0.3, 0)];
        var kpis = KpiMath.Of(now, [new("http/api", "seconds", "", 168, 0.2, 0.2, 0)], Week, Paces).Where(kpi => kpi.Name == "latency").ToArray();
        Assert.Equal(50, kpis[0].ChangePercent!.Value, 6);
        Assert.Null(kpis[1].ChangePercent);
    }

    [Fact]
    public void Without_work_or_without_a_counter_of_errors_there_is_no_rate()
    {
        Assert.DoesNotContain(KpiMath.Of([new("http/api", "bot.messages", "", 1, 0, 0, 10)], [], Week, Paces), kpi => kpi.Name == "error rate");
        Assert.DoesNotContain(KpiMath.Of([new("http/api", "bot.messages", "", 1, 0, 0, 0), new("http/api", "bot.errors", "", 1, 0, 0, 0)], [], Week, Paces), kpi => kpi.Name == "error rate");
    }

    [Fact]
    public void Whatever_the_series_no_indicator_is_of_another_target() =>
        Gen.Select(Gen.OneOf(Gen.Const("a"), Gen.Const("b")), Gen.Int[0, KpiMath.Metrics.Count - 1].Select(index => KpiMath.Metrics.ElementAt(index)), Gen.OneOf(Gen.Const(""), Gen.Const("2xx"), Gen.Const("5xx")), Gen.Double[0, 1e9]).Array[0, 12].Sample(rows =>
        {
            SeriesFacts[] facts = [.. rows.DistinctBy(row => (row.Item1, row.Item2, row.Item3)).Select(row => new SeriesFacts(row.Item1, row.Item2, row.Item3, 1, row.Item4, row.Item4, row.Item4) { Samples = 1, Total = row.Item4 })];
            var together = KpiMath.Of(facts, [], Week, Paces).Where(kpi => kpi.Target == "a").Select(Line);
            Assert.Equal(KpiMath.Of([.. facts.Where(series => series.Target == "a")], [], Week, Paces).Select(Line), together);
        });

    private static string Line(Kpi kpi) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kpi.Target} {kpi.Name} {kpi.Subject}{(kpi.Subject.Length > 0 ? " " : "")}{kpi.Value:0.####} {kpi.Unit}");
}
