using Docker.DotNet.Models;

namespace WhatsOps.Watch;

/// <summary>What a container uses of its machine, from two looks at its counters .</summary>
internal static class ContainerUse
{
    private const double Percent = 100;

    /// <summary>
    /// Processor per second between the two looks: the same as docker's Δcpu / Δsystem · processors, but podman's system_cpu_usage is the busy time of all
    /// processors alone, and without the look before. A counter that fell back gives no number.
    /// </summary>
    public static IEnumerable<Measure> Measures(ContainerInspectResponse container, ContainerStatsResponse before, ContainerStatsResponse now)
    {
        var seconds = (now.Read - before.Read).TotalSeconds;
        if (seconds > 0 && now.CPUStats?.CPUUsage is { } cpu && before.CPUStats?.CPUUsage is { } earlier && cpu.TotalUsage >= earlier.TotalUsage)
        {
            var processors = (cpu.TotalUsage - earlier.TotalUsage) / 1e9 / seconds;
            yield return new("container.cpu.percent", processors * Percent);
            if (Processors(container.HostConfig, now.CPUStats) is > 0 and var most)
            {
                yield return new("container.cpu.limit.cores", most);
                yield return new("container.cpu.limit.percent", processors / most * Percent);
            }
        }

        if (now.MemoryStats is { Usage: { } usage } memory)
        {
            // As docker stats does: what the kernel would give back at once is not used. Control groups of version 1 and 2 have two names for it.
            var idle = memory.Stats is { } stats && (stats.TryGetValue("inactive_file", out var value) || stats.TryGetValue("total_inactive_file", out value)) ? value : 0;
            var used = usage > idle ? usage - idle : 0;
            yield return new("container.memory.used.bytes", used);
            // Without a limit the engines give the memory of the machine.
            if (memory.Limit is > 0 and { } limit)
            {
                yield return new("container.memory.limit.bytes", limit);
                yield return new("container.memory.percent", (double)used / limit * Percent);
            }
        }

        if (now.Networks is { Count: > 0 } networks)
        {
            yield return new("container.network.received.bytes", networks.Values.Sum(network => (double)network.RxBytes));
            yield return new("container.network.sent.bytes", networks.Values.Sum(network => (double)network.TxBytes));
        }
    }

    private static double Processors(HostConfig? host, CPUStats stats) => host switch
    {
        { NanoCPUs: > 0 } => host.NanoCPUs / 1e9,
        { CPUQuota: > 0 } => (double)host.CPUQuota / (host.CPUPeriod > 0 ? host.CPUPeriod : 100_000),
        _ => stats.OnlineCPUs is > 0 and { } online ? online : stats.CPUUsage.PercpuUsage?.Count ?? 0,
    };
}
