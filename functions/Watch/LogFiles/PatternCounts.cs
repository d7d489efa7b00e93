namespace WhatsOps.Watch;

/// <summary>Lines that match patterns, by pattern and fingerprint.</summary>
internal sealed class PatternCounts(IEnumerable<string> patterns)
{
    private readonly Dictionary<string, TallyCounts> _found = patterns.ToDictionary(name => name, _ => new TallyCounts(), StringComparer.Ordinal);

    public void Add(string pattern, string line) => _found[pattern].Add(LogFingerprint.Of(line));

    /// <summary>Of every pattern, those without a line, too: none is a number.</summary>
    public IEnumerable<Measure> Measures() => _found.Select(found => new Measure("log.matches", found.Value.Total, found.Key));

    public IEnumerable<LogTally> Tallies() => _found.SelectMany(found => found.Value.Most().Select(one => new LogTally(found.Key, one.What, one.Count)));
}
