using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>k of a gateway's n instances failing at once is one incident of the gateway (R-099, corrected).</summary>
internal static class CorrelatedFailure
{
    // Two sick phones on a small gateway are two sick phones.
    private const int Least = 3;

    // Three sweeps: instances that one cause took down may be noticed one sweep apart.
    private static readonly TimeSpan AtOnce = TimeSpan.FromMinutes(15);

    /// <summary>The instances that went down together, or none. Instances never seen open tell nothing about when they fell.</summary>
    public static IReadOnlyList<InstanceFacts> Of(IReadOnlyCollection<InstanceFacts> instances, SystemThresholds thresholds)
    {
        var fallen = instances.Where(facts => InstanceRules.IsFailing(facts) && facts.Known?.LastSeenOpen is not null)
            .OrderBy(facts => facts.Known!.LastSeenOpen).ToArray();
        var (from, count) = DensestWindow(fallen);
        return count >= Least && count * 100 >= thresholds.CorrelatedFailurePercent * instances.Count ? fallen[from..(from + count)] : [];
    }

    private static (int From, int Count) DensestWindow(InstanceFacts[] fallen)
    {
        var best = (From: 0, Count: 0);
        for (int from = 0, to = 0; to < fallen.Length; to++)
        {
            while (fallen[to].Known!.LastSeenOpen - fallen[from].Known!.LastSeenOpen > AtOnce) from++;
            if (to - from + 1 > best.Count) best = (from, to - from + 1);
        }

        return best;
    }
}
