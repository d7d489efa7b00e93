using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Reads what the advice on capacity is of: the instances of the newest look, and what the product's own containers may use.</summary>
internal sealed class CapacityReader(SampleStore samples)
{
    private const string Instances = "turbozap.instances";
    private const string Cores = "container.cpu.limit.cores";
    private const string Memory = "container.memory.limit.bytes";
    private static readonly TimeSpan Newest = TimeSpan.FromHours(1);

    /// <summary>Null where no product counts its instances.</summary>
    public async Task<CapacityAdvice?> ReadAsync(FleetSystem system, DateTimeOffset now, CancellationToken cancellation)
    {
        string[] databases = [.. (system.Watch?.Postgres ?? []).Select(PostgresProbe.NameOf)], containers = [.. ProductContainers(system).Select(ContainerProbe.NameOf)];
        var series = await samples.SeriesAsync(system.Name, [Instances, Cores, Memory], [.. databases, .. containers], now - Newest, cancellation);
        var instances = (int)NewestLook.Of(series, Instances).Sum(one => one.Value);
        if (instances < 1) return null;
        double? Sum(string metric) =>
            NewestLook.Of(series, metric) is var limits && limits.Count > 0 && limits.Count == containers.Length ? limits.Sum(one => one.Value) : null;
        return CapacityAdvice.Of(instances, Sum(Cores), Sum(Memory) / KpiMath.Gigabyte);
    }

    /// <summary>
    /// The containers whose target has the name of a gateway or of the product; where none has, the one whose name has the product's in it, or the only one. Of several
    /// that are merely alike none: <c>turbozap-postgres</c> beside <c>turbozap-api</c> may use more than it, and says nothing of it.
    /// </summary>
    internal static IReadOnlyList<ContainerTarget> ProductContainers(FleetSystem system)
    {
        var all = system.Watch?.Containers ?? [];
        ContainerTarget[] named = [.. all.Where(one => one.Name == SystemKinds.TurboZap || system.Gateways.Any(gateway => gateway.Name == one.Name))];
        if (named.Length > 0) return named;
        ContainerTarget[] alike = [.. all.Where(one => IsAlike(one.Name) || IsAlike(one.Container.Container))];
        return alike.Length == 1 ? alike : alike.Length == 0 && all.Count == 1 ? all : [];
    }

    private static bool IsAlike(string name) => name.Contains(SystemKinds.TurboZap, StringComparison.OrdinalIgnoreCase);
}
