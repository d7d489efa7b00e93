namespace WhatsOps.Benchmarks.Ingest;

/// <summary>What one run gave.</summary>
internal sealed class IngestMeasure(TimeSpan elapsed, double[] latencies)
{
    private readonly double[] _sorted = [.. latencies.Order()];

    public double PerSecond => _sorted.Length / elapsed.TotalSeconds;

    /// <summary>Milliseconds that this share of the requests did not exceed.</summary>
    public double Percentile(double share) => _sorted[Math.Min(_sorted.Length - 1, (int)(_sorted.Length * share))];
}
