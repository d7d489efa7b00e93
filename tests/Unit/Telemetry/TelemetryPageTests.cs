using System.Text.RegularExpressions;
using WhatsOps.Telemetry;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Telemetry;

/// <summary>docs/telemetry.md, the dashboard and the alert rules speak of the metrics that there are.</summary>
public sealed partial class TelemetryPageTests
{
    [Fact]
    public void The_page_lists_exactly_the_metrics_there_are()
    {
        var page = File.ReadLines(Path.Combine(Sources.Root, "docs", "telemetry.md")).Where(line => line.StartsWith("| `whatsops.", StringComparison.Ordinal));
        Assert.Equal(Metrics.All.Select(Row), page);
    }

    [Theory]
    [InlineData("deploy/grafana/whatsops.json")]
    [InlineData("deploy/prometheus/whatsops.rules.yml")]
    public void What_is_shipped_names_only_metrics_that_the_app_emits_and_labels_that_they_have(string file)
    {
        var text = File.ReadAllText(Path.Combine(Sources.Root, file));
        var known = Metrics.All.SelectMany(metric => PrometheusNames.SeriesOf(metric).Select(name => (name, metric))).ToDictionary(pair => pair.name, pair => pair.metric);
        var named = Series().Matches(text);
        Assert.True(named.Count > 8, $"{file} names {named.Count} metrics.");
        foreach (Match match in named)
        {
            Assert.True(known.TryGetValue(match.Groups["name"].Value, out var metric), $"{file} names {match.Groups["name"].Value}, which nobody emits.");
            foreach (Match label in Label().Matches(match.Groups["labels"].Value))
                Assert.True(metric.Labels.Contains(label.Groups[1].Value), $"{file}: {metric.Name} has no label {label.Groups[1].Value}.");
        }
    }

    [Fact]
    public void The_dashboard_shows_every_metric_but_those_of_tenants_and_is_valid_JSON()
    {
        var text = File.ReadAllText(Path.Combine(Sources.Root, "deploy/grafana/whatsops.json"));
        using var dashboard = System.Text.Json.JsonDocument.Parse(text);
        Assert.All(
            Metrics.All.Where(metric => !metric.Labels.Contains("tenant")),
            metric => Assert.True(PrometheusNames.SeriesOf(metric).Any(name => text.Contains(name, StringComparison.Ordinal)), $"The dashboard does not show {metric.Name}."));
        Assert.All(dashboard.RootElement.GetProperty("panels").EnumerateArray(), panel => Assert.False(string.IsNullOrEmpty(panel.GetProperty("title").GetString())));
    }

    private static string Row(Metric metric) =>
        $"| `{metric.Name}` | `{PrometheusNames.Of(metric)}` | {metric.Kind.ToString().ToLowerInvariant()} | {metric.Unit} | {string.Join(", ", metric.Labels)} | {metric.Description} |";

    // Names of groups and files have a hyphen or a dot where a metric has an underscore.
    [GeneratedRegex(@"\b(?<name>whatsops_[a-z_]+)(?:\{(?<labels>[^}]*)\})?")]
    private static partial Regex Series();

    [GeneratedRegex("([a-z_]+) *(?:=~|!~|!=|=)")]
    private static partial Regex Label();
}
