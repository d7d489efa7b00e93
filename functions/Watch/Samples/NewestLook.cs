namespace WhatsOps.Watch;

/// <summary>What a metric was at each target's newest look: a status that nobody has any more leaves its last sample behind.</summary>
internal static class NewestLook
{
    public static IReadOnlyList<(SeriesKey Key, double Value)> Of(IReadOnlyDictionary<SeriesKey, List<Sample>> series, string metric)
    {
        var of = series.Where(one => one.Key.Metric == metric).ToArray();
        var newest = of.GroupBy(one => one.Key.Target).ToDictionary(target => target.Key, target => target.Max(one => one.Value[^1].At));
        return [.. of.Where(one => one.Value[^1].At == newest[one.Key.Target]).Select(one => (one.Key, one.Value[^1].Value))];
    }
}
