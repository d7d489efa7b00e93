using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>What a real Prometheus says of a product that exists, and of one that does not.</summary>
public sealed class PrometheusProbeTests(PrometheusFixture prometheus) : IClassFixture<PrometheusFixture>
{
    [Fact]
    [Capability("R-153")]
    [Source("prometheus", SourceState.Absent, "target_absent")]
    public async Task What_cannot_be_scraped_or_is_not_scraped_at_all_is_told_by_job()
    {
        var reading = await prometheus.ReadAsync(new("shop", "queue"));

        Assert.Equal(Outcome.Seen, reading.Outcome);
        Assert.Equal((1, 1), (Value(reading, "prometheus.targets", "dead"), Value(reading, "prometheus.targets.up", "shop")));
        Assert.Equal(["target_absent queue", "target_unhealthy dead"], Troubles(reading));
        var dead = reading.Troubles.Single(trouble => trouble.Subject == "dead");
        Assert.Contains("connection refused", dead.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", dead.Cause, StringComparison.Ordinal);
    }

    [Theory]
    [Capability("R-174"), Capability("R-173"), Capability("R-176")]
    [InlineData("sum(http_requests_total{status=~\"5..\"}) / sum(http_requests_total)", "", 0.1)]
    [InlineData("scalar(orders_waiting)", "", 11)]
    [InlineData("count by (status) (http_requests_total{status=\"200\"})", "status=200", 1)]
    public async Task A_query_s_answer_is_a_sample(string query, string subject, double expected)
    {
        var reading = await prometheus.UntilAsync(new() { Query = query }, reading => reading.Measures.Any(measure => measure.Metric == "promql.asked"));
        Assert.Equal(expected, Value(reading, "promql.asked", subject));
        Assert.Equal(["target_unhealthy dead"], Troubles(reading));
    }

    [Theory]
    [InlineData("turbozap_instances_active", TroubleKinds.NotObservable, "not instrumented")]
    [InlineData("sum(", TroubleKinds.Misconfigured, "bad_data")]
    [InlineData("http_requests_total[5m]", TroubleKinds.Misconfigured, "instant vector")]
    public async Task A_query_without_an_answer_is_told_and_never_zero(string query, string kind, string words)
    {
        var reading = await prometheus.ReadAsync(new() { Query = query });
        var trouble = reading.Troubles.SingleOrDefault(trouble => trouble.Subject == "asked");
        Assert.Equal(kind, trouble?.Kind);
        Assert.Contains(words, trouble?.Cause ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain(reading.Measures, measure => measure.Metric == "promql.asked");
    }

    [Fact]
    public async Task Without_traffic_a_ratio_is_no_sample_and_no_trouble()
    {
        var reading = await prometheus.ReadAsync(new() { Query = "vector(0) / vector(0)" });
        Assert.DoesNotContain(reading.Measures, measure => measure.Metric == "promql.asked");
        Assert.Equal(["target_unhealthy dead"], Troubles(reading));
    }

    [Fact]
    [Capability("R-353")]
    public async Task A_process_of_more_than_a_gigabyte_for_five_minutes_is_a_finding_and_its_neighbour_is_none()
    {
        await using var world = await WatchWorld.StartAsync(new()
        {
            Prometheus = [new() { Name = "main", Url = prometheus.Url, Queries = [new() { Name = "resident-memory", Query = "sum by (app) (process_resident_memory_bytes)" }] }],
            Rules = [new() { Name = "high-memory-usage", Metric = "promql.resident-memory", Above = 1_073_741_824, ForMinutes = 5, Severity = Severity.Medium }],
        });
        for (var look = 0; look < 5; look++) await world.TickAsync();
        Assert.Equal((1_073_741_825, 1_073_741_824), (await world.ValueAsync("prometheus/main", "promql.resident-memory", "app=big"), await world.ValueAsync("prometheus/main", "promql.resident-memory", "app=fits")));
        Assert.DoesNotContain(await world.OpenAsync(), finding => finding.StartsWith("threshold", StringComparison.Ordinal));
        await world.TickAsync();
        Assert.Equal(["threshold_crossed high-memory-usage/prometheus/main/app=big"], (await world.OpenAsync()).Where(finding => finding.StartsWith("threshold", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Alerts_that_fire_are_findings_where_the_fleet_file_asks_for_them()
    {
        var reading = await prometheus.UntilAsync(new() { Alerts = true }, reading => Value(reading, "prometheus.alerts.firing") == 1);
        var alert = reading.Troubles.Single(trouble => trouble.Kind == TroubleKinds.ExternalAlert);
        Assert.Equal(Severity.Critical, alert.Severity);
        Assert.StartsWith("OrdersWaiting: Orders wait", alert.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", alert.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain("99999-0000", alert.Cause, StringComparison.Ordinal);
        Assert.DoesNotContain((await prometheus.ReadAsync(new())).Troubles, trouble => trouble.Kind == TroubleKinds.ExternalAlert);
    }

    [Fact]
    [Capability("R-183")]
    public async Task How_full_disks_are_is_asked_of_what_it_scrapes_of_node_exporter()
    {
        var reading = await prometheus.UntilAsync(new() { Disks = true }, reading => reading.Measures.Any(measure => measure.Metric == "host.disk.used.percent"));
        var disk = Assert.Single(reading.Measures, measure => measure.Metric == "host.disk.used.percent");
        Assert.Equal(91, disk.Value, 9);
        Assert.Matches(@"^127\.0\.0\.1:\d+ /var$", disk.Subject);
        Assert.DoesNotContain((await prometheus.ReadAsync(new())).Measures, measure => measure.Metric == "host.disk.used.percent");
        Assert.Equal(["disks"], PrometheusDisks.Read(null).Troubles.Select(trouble => trouble.Subject));
    }

    [Fact]
    public async Task What_answers_otherwise_or_not_at_all_is_not_seen()
    {
        await using var product = await HttpStand.StartAsync();
        async Task<Outcome> AtAsync(string url) => (await prometheus.LookAsync(PrometheusFixture.Target(new()) with { Url = url })).Outcome;
        Assert.Equal(Outcome.Unreachable, await AtAsync("http://127.0.0.1:1"));
        Assert.Equal(Outcome.Unreachable, await AtAsync(product.Url));
        product.Says("no", 401);
        Assert.Equal(Outcome.Unauthorized, await AtAsync(product.Url));
        product.Says("no", 404);
        Assert.Equal(Outcome.Absent, await AtAsync(product.Url));
        product.Says("""{"status":"error","errorType":"unavailable","error":"starting"}""", 503);
        Assert.Equal(Outcome.Unreachable, await AtAsync(product.Url));
    }

    private static double? Value(Reading reading, string metric, string subject = "") =>
        reading.Measures.SingleOrDefault(measure => measure.Metric == metric && measure.Subject == subject)?.Value;

    private static IEnumerable<string> Troubles(Reading reading) => reading.Troubles.Select(trouble => $"{trouble.Kind} {trouble.Subject}").Order(StringComparer.Ordinal);
}
