namespace WhatsOps.Watch;

/// <summary>Counts by name, of which no more than so many are held: a flood of new names is counted as one.</summary>
internal sealed class TallyCounts
{
    /// <summary>The most frequent that one look hands on.</summary>
    public const int Kept = 50;

    private const int Held = 5000;
    private const string Others = "…";

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public int Total { get; private set; }

    public void Add(string what)
    {
        Total++;
        if (_counts.Count >= Held && !_counts.ContainsKey(what)) what = Others;
        _counts[what] = _counts.GetValueOrDefault(what) + 1;
    }

    public IEnumerable<(string What, int Count)> Most() => _counts.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Take(Kept).Select(one => (one.Key, one.Value));
}
