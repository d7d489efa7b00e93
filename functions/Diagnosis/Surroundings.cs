using WhatsOps.Watch;

namespace WhatsOps.Diagnosis;

/// <summary>What the watch knows of the things around a tenant's gateway.</summary>
/// <param name="Newest">The newest value of each series of the last minutes; empty: nothing was seen.</param>
internal sealed record Surroundings(IReadOnlyDictionary<SeriesKey, double> Newest)
{
    public static Surroundings None { get; } = new(new Dictionary<SeriesKey, double>());

    public LogSign Sign { get; init; }

    /// <summary>The course of the container that has the least memory left; null: none tells its memory.</summary>
    public (string Target, MemoryTrend Trend)? Memory { get; init; }

    /// <summary>How often containers were started again in that time, by target; empty: nothing is known.</summary>
    public IReadOnlyDictionary<string, double> Restarts { get; init; } = new Dictionary<string, double>();

    /// <summary>Of the lines about the instance within an hour, the most frequent first; null: no log could be read.</summary>
    public IReadOnlyList<NamedCount>? Errors { get; init; }

    public IEnumerable<(SeriesKey Key, double Value)> Of(string metric) => Newest.Where(one => one.Key.Metric == metric).Select(one => (one.Key, one.Value));
}
