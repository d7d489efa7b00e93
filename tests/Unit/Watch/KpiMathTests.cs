using CsCheck;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

public sealed class KpiMathTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public void Every_indicator_of_the_manuals_is_made_of_its_series()
    {
        SeriesFacts[] facts =
        [
            new("http/api", "up", "", 168, 0.995, 1, 0),
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
        ], KpiMath.Of(facts, [], Week).Select(Line));
    }

    [Fact]
    public void What_was_not_watched_before_has_no_change_and_what_was_has()
    {
        SeriesFacts[] now = [new("http/api", "seconds", "", 168, 0.3, 0.3, 0), new("http/new", "seconds", "", 10, 0.3, 0.3, 0)];
        var kpis = KpiMath.Of(now, [new("http/api", "seconds", "", 168, 0.2, 0.2, 0)], Week).Where(kpi => kpi.Name == "latency").ToArray();
        Assert.Equal(50, kpis[0].ChangePercent!.Value, 6);
        Assert.Null(kpis[1].ChangePercent);
    }

    [Fact]
    public void Without_work_or_without_a_counter_of_errors_there_is_no_rate()
    {
        Assert.DoesNotContain(KpiMath.Of([new("http/api", "bot.messages", "", 1, 0, 0, 10)], [], Week), kpi => kpi.Name == "error rate");
        Assert.DoesNotContain(KpiMath.Of([new("http/api", "bot.messages", "", 1, 0, 0, 0), new("http/api", "bot.errors", "", 1, 0, 0, 0)], [], Week), kpi => kpi.Name == "error rate");
    }

    [Fact]
    public void Whatever_the_series_no_indicator_is_of_another_target() =>
        Gen.Select(Gen.OneOf(Gen.Const("a"), Gen.Const("b")), Gen.Int[0, KpiMath.Metrics.Count - 1].Select(index => KpiMath.Metrics.ElementAt(index)), Gen.OneOf(Gen.Const(""), Gen.Const("2xx"), Gen.Const("5xx")), Gen.Double[0, 1e9]).Array[0, 12].Sample(rows =>
        {
            SeriesFacts[] facts = [.. rows.DistinctBy(row => (row.Item1, row.Item2, row.Item3)).Select(row => new SeriesFacts(row.Item1, row.Item2, row.Item3, 1, row.Item4, row.Item4, row.Item4))];
            var together = KpiMath.Of(facts, [], Week).Where(kpi => kpi.Target == "a").Select(Line);
            Assert.Equal(KpiMath.Of([.. facts.Where(series => series.Target == "a")], [], Week).Select(Line), together);
        });

    private static string Line(Kpi kpi) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{kpi.Target} {kpi.Name} {kpi.Subject}{(kpi.Subject.Length > 0 ? " " : "")}{kpi.Value:0.####} {kpi.Unit}");
}
