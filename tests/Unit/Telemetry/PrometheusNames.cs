using WhatsOps.Telemetry;

namespace WhatsOps.Tests.Unit.Telemetry;

/// <summary>The names that Prometheus sees, as the OpenTelemetry exporter makes them.</summary>
internal static class PrometheusNames
{
    public static string Of(Metric metric) =>
        metric.Name.Replace('.', '_') + (metric.Unit == "s" ? "_seconds" : "") + (metric.Kind == MetricKind.Counter ? "_total" : "");

    /// <summary>Every series: a histogram has three.</summary>
    public static IEnumerable<string> SeriesOf(Metric metric) =>
        metric.Kind == MetricKind.Histogram ? ((string[])["_bucket", "_sum", "_count"]).Select(suffix => Of(metric) + suffix) : [Of(metric)];
}
