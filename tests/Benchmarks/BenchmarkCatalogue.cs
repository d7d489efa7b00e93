namespace WhatsOps.Benchmarks;

/// <summary>Every benchmark of this assembly, by name.</summary>
internal static class BenchmarkCatalogue
{
    public static IReadOnlyList<IBenchmark> All() =>
    [
        .. typeof(BenchmarkCatalogue).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IBenchmark)))
            .Select(type => (IBenchmark)Activator.CreateInstance(type)!)
            .OrderBy(benchmark => benchmark.Name, StringComparer.Ordinal),
    ];
}
