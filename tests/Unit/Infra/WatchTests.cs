using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>The alert rules and the workbook ask for metrics that exist, and somebody hears of it.</summary>
[Collection("Infra")]
public sealed class WatchTests(Template template)
{
    // Of meter WhatsOps, as docs/telemetry.md lists them.
    private static readonly string[] Metrics =
        ["whatsops.backup.verified.age", "whatsops.findings.open", "whatsops.runs.stuck", "whatsops.sweep.age", "whatsops.webhook.lag", "whatsops.webhooks"];

    [BicepFact]
    public void Every_part_of_the_pipe_has_a_rule_and_every_rule_somebody_to_tell()
    {
        foreach (var environment in Template.Environments)
        {
            var rules = template.Resources(environment, "Microsoft.Insights/scheduledQueryRules");
            Assert.Equal(Metrics, rules.SelectMany(rule => MetricsIn(Query(rule))).Distinct().Order(StringComparer.Ordinal));
            var told = template.Resources(environment, "Microsoft.Insights/actionGroups").Single();
            Assert.NotEmpty(told["properties"]!["emailReceivers"]!.AsArray());
            Assert.All(rules, rule =>
            {
                Assert.Equal((string)told["id"]!, (string)rule["properties"]!["actions"]!["actionGroups"]!.AsArray().Single()!);
                // Rows are trouble: a query that gives rows whenever there is data would always be.
                Assert.Matches(@"\| where [^|]+$", Query(rule).Trim());
            });
        }
    }

    [BicepFact]
    public void Silence_is_an_alert_of_its_own_because_no_other_rule_sees_it()
    {
        var silent = template.Resources("prod", "Microsoft.Insights/scheduledQueryRules").Single(rule => ((string)rule["name"]!).EndsWith("-silent", StringComparison.Ordinal));
        // count() without "by" gives a row even of nothing.
        Assert.Matches(@"summarize Points = count\(\)\s+\| where Points == 0", Query(silent));
        Assert.Equal(0, (int)silent["properties"]!["severity"]!);
    }

    [Fact]
    public void The_workbook_shows_every_part_of_the_pipe()
    {
        var workbook = JsonNode.Parse(File.ReadAllText(Path.Combine(Template.Folder, "workbook.json")))!;
        var queries = workbook["items"]!.AsArray().Select(item => (string?)item!["content"]!["query"]).OfType<string>().ToArray();
        Assert.Equal(Metrics, queries.SelectMany(MetricsIn).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_they_ask_for_is_measured() => Assert.All(Metrics, name => Assert.Contains(WhatsOps.Telemetry.Metrics.All, metric => metric.Name == name));

    private static string Query(JsonObject rule) => (string)rule["properties"]!["criteria"]!["allOf"]![0]!["query"]!;

    private static IEnumerable<string> MetricsIn(string query) => Regex.Matches(query, @"whatsops\.[a-z.]+").Select(match => match.Value);
}
