namespace WhatsOps.Benchmarks;

/// <summary>One benchmark of `./whatsops bench NAME`. Every public class with this interface and a parameterless constructor is found by itself.</summary>
public interface IBenchmark
{
    /// <summary>What the user types: one lower-case word.</summary>
    string Name { get; }

    /// <summary>Measures ours and the baselines alternately and returns medians; progress goes to <see cref="BenchmarkServers.Say"/>, never to standard output.</summary>
    Task<BenchmarkResult> RunAsync(BenchmarkServers servers, CancellationToken cancellation);
}
