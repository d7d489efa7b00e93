using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>Which instances of a gateway are worth one direct look each.</summary>
internal static class Suspects
{
    // An instance that had no event for a week has no recent traffic to be silent against.
    private static readonly TimeSpan RecentTraffic = TimeSpan.FromDays(7);

    public static Suspicion? Of(InstanceFacts facts, SystemThresholds thresholds, DateTimeOffset now) => (facts.Listed, facts.Known) switch
    {
        (null, _) => Suspicion.Missing,
        // A direct look tells no more.
        ({ State: InstanceState.Paired } or { IsLive: true }, _) => null,
        ({ State: InstanceState.Open }, { State: not InstanceState.Open }) => Suspicion.Contradicted,
        ({ } listed, { } known) when listed.State != known.State => Suspicion.Changed,
        ({ State: InstanceState.Connecting }, _) => Suspicion.Connecting,
        ({ State: InstanceState.Open }, { LastEventAt: { } last }) when IsSilent(now - last, thresholds) => Suspicion.Silent,
        (_, null) => Suspicion.New,
        _ => null,
    };

    /// <summary>The most pressing ones up to the cap. Equals are shuffled by the sweep's start, so that in time everyone gets its look.</summary>
    public static IReadOnlyList<InstanceFacts> Choose(IEnumerable<InstanceFacts> marked, int cap, DateTimeOffset sweep) =>
    [
        .. marked.Where(facts => facts.Suspicion is not null)
            .OrderBy(facts => facts.Suspicion)
            .ThenBy(facts => HashCode.Combine(facts.Instance, sweep))
            .Take(cap)
    ];

    private static bool IsSilent(TimeSpan quiet, SystemThresholds thresholds) =>
        quiet > TimeSpan.FromMinutes(thresholds.SilentMinutes) && quiet < RecentTraffic;
}
