using System.Text.Json.Serialization;

namespace WhatsOps.Benchmarks;

/// <summary>
/// One benchmark's outcome as `./whatsops bench --json` prints it: ours and the baselines measured in the same run
/// (medians of alternating runs), their ratios, and the goals they are held to.
/// </summary>
public sealed record BenchmarkResult(
    string Name,
    string Unit,
    double Ours,
    IReadOnlyDictionary<string, double> Baselines,
    [property: JsonIgnore] IReadOnlyDictionary<string, double> Comparisons,
    [property: JsonIgnore] IReadOnlyList<BenchmarkGoal> HeldTo)
{
    /// <summary>Ours beside the baselines, and, as <c>…_of_goal</c>, how much of its goal each other measured number is.</summary>
    public IReadOnlyDictionary<string, double> Ratios =>
        Comparisons.Concat(HeldTo.Where(goal => !Comparisons.ContainsKey(goal.Name)).Select(goal => KeyValuePair.Create(goal.Name + "_of_goal", goal.Measured / goal.Limit))).ToDictionary();

    public IReadOnlyDictionary<string, double> Goals => HeldTo.ToDictionary(goal => goal.Title, goal => goal.Limit);

    /// <summary>Every goal counts: what is only hoped for stands in <see cref="Details"/>.</summary>
    public bool Met => HeldTo.All(goal => goal.IsMet);

    /// <summary>Further numbers for the table that people read: p50, p99, memory, each with its unit in the name.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, double> Details { get; init; } = new Dictionary<string, double>();
}
