using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Lines that have a secret or a phone number in clear, by the name of what they have; nothing of them is kept (R-324, R-377).</summary>
internal sealed class LeakCounts(LogPlace place)
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    public void Add(string line)
    {
        foreach (var leak in LogLeaks.Find(line)) _lines[leak] = _lines.GetValueOrDefault(leak) + 1;
    }

    public IEnumerable<Measure> Measures() => _lines.Select(leak => new Measure($"{place.Metrics}.leaks", leak.Value, leak.Key));

    public IEnumerable<Trouble> Troubles(TimeSpan span) => _lines.Select(leak => new Trouble(
        TroubleKinds.Exposed, Severity.High,
        $"{place.Name} has a {leak.Key} in clear, in {leak.Value} lines in {LogDigest.Words(span)}. Fix: mask it where it is logged, then delete the log{(leak.Key == "phone number" ? "" : " and exchange the secret")}.") { Subject = leak.Key });
}
