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
    IReadOnlyDictionary<string, double> Ratios,
    IReadOnlyDictionary<string, double> Goals,
    bool Met)
{
    /// <summary>Further numbers worth a line: p50, p99, memory, each with its unit in the name.</summary>
    public IReadOnlyDictionary<string, double> Details { get; init; } = new Dictionary<string, double>();
}
