using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Makes the indicators of a system over a time, beside those of an earlier one as long.</summary>
internal sealed class KpiReview(KpiReader reader, IEnumerable<IProbe> probes)
{
    // The clock of the looks ticks so often: 45 seconds are 60.
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(30);

    /// <param name="from">A whole hour, included.</param>
    /// <param name="to">Hours that begin before it are included.</param>
    /// <param name="back">How much earlier the other time is.</param>
    public async Task<IReadOnlyList<Kpi>> ReadAsync(FleetSystem system, DateTimeOffset from, DateTimeOffset to, TimeSpan back, CancellationToken cancellation)
    {
        var facts = await reader.ReadAsync(system.Name, KpiMath.Metrics, from, to, cancellation);
        var before = await reader.ReadAsync(system.Name, KpiMath.Metrics, from - back, to - back, cancellation);
        return KpiMath.Of(facts, before, to - from, Paces(system));
    }

    /// <summary>Between two looks at each target that the fleet file names.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Paces(FleetSystem system) =>
        probes.SelectMany(probe => probe.LooksAt(system)).ToDictionary(look => look.Target, look => Math.Ceiling(look.Every / Tick) * Tick, StringComparer.Ordinal);
}
