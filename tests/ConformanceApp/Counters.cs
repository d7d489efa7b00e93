using System.Collections.Concurrent;

namespace WhatsOps.ConformanceApp;

/// <summary>What the suite reads back: how often something happened in this process.</summary>
public sealed class Counters
{
    private readonly ConcurrentDictionary<string, int> counts = [];

    public int Add(string name) => counts.AddOrUpdate(name, 1, (_, count) => count + 1);

    public int Read(string name) => counts.GetValueOrDefault(name);
}
