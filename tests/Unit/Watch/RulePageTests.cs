using System.Globalization;
using System.Text;
using WhatsOps.Fleet;
using WhatsOps.Tests.Runbooks;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>docs/watch-rules.md: the built-in rules, as the product has them.</summary>
public sealed class RulePageTests
{
    [Fact]
    public void The_page_of_rules_says_what_the_rules_are() => Golden.Equal("docs/watch-rules.md", Write());

    private static string Write()
    {
        var page = new StringBuilder(
            """
            # Built-in rules of the watch

            Written by a test from `functions/Watch/Rules/built-in-rules.json` (`WHATSOPS_WRITE_GOLDEN=1` writes it anew). A rule judges every target that has its metric;
            `systems[].watch.rules` replaces one by its name, or switches it off with `"off": true`. How rules work: [watch](watch.md).

            | rule | fires when | for | over at | severity | what it means |
            |---|---|---|---|---|---|

            """);
        foreach (var rule in RuleBook.BuiltIn)
            page.Append(CultureInfo.InvariantCulture,
                $"| `{rule.Name}` | {Condition(rule)} | {(rule.ForMinutes == 0 ? "at once" : $"{rule.ForMinutes} min")} | {rule.Clear?.ToString(CultureInfo.InvariantCulture) ?? "the same"} | {rule.Severity.ToString().ToLowerInvariant()} | {rule.Says} |\n");
        return page.ToString();
    }

    private static string Condition(WatchRule rule)
    {
        var metric = $"`{rule.Metric}`{(rule.Subject is null ? "" : $" of `{rule.Subject}`")}{(rule.Target is null ? "" : $" of `{rule.Target}`")}";
        var value = rule.Function == RuleFunction.Last ? metric : $"{rule.Function.ToString().ToLowerInvariant()} of {metric} in {rule.WindowMinutes} min";
        if (rule.Of is { } of) value += $", as a part of `{of}`";
        return rule.Above is { } above ? $"{value} > {above.ToString(CultureInfo.InvariantCulture)}" : $"{value} < {rule.Below!.Value.ToString(CultureInfo.InvariantCulture)}";
    }
}
