using System.Text.Json;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>The rules of a system: the built-in ones, whose numbers are the manuals', and its own, which replace those of their name.</summary>
internal static class RuleBook
{
    private const string Resource = "WhatsOps.Watch.built-in-rules.json";

    public static IReadOnlyList<WatchRule> BuiltIn { get; } = Read();

    public static IReadOnlyList<WatchRule> Of(FleetSystem system)
    {
        var own = system.Watch?.Rules ?? [];
        return [.. BuiltIn.Where(rule => !own.Any(other => other.Name == rule.Name)).Concat(own).Where(rule => !rule.Off)];
    }

    /// <summary>True: the rule judges this series.</summary>
    public static bool Covers(WatchRule rule, SeriesKey series) =>
        series.Metric == rule.Metric
        && (rule.Subject is null || rule.Subject == series.Subject)
        && (rule.Target is null || rule.Target == series.Target || (rule.Target.EndsWith("/*", StringComparison.Ordinal) && series.Target.StartsWith(rule.Target[..^1], StringComparison.Ordinal)));

    /// <summary>The metrics of a ratio's whole.</summary>
    public static IReadOnlyList<string> WholeOf(WatchRule rule) => rule.Of?.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static WatchRule[] Read()
    {
        using var stream = typeof(RuleBook).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not in the assembly.");
        return JsonSerializer.Deserialize<WatchRule[]>(stream, FleetJson.Options)!;
    }
}
