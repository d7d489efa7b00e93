using System.Globalization;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a stretch of a log comes to: counts, the fingerprints of errors, names of what leaks. No line of it is kept .</summary>
internal sealed class LogDigest(LogPlace place)
{
    /// <summary>Errors in 5 minutes above which a look is a trouble by itself. A longer stretch may have as many more.</summary>
    public const int ManyErrors = 10;

    private const int Shown = 3;
    private static readonly TimeSpan ManyErrorsIn = TimeSpan.FromMinutes(5);

    private readonly Dictionary<LineLevel, int> _levels = [];
    private readonly Dictionary<string, int> _errors = new(StringComparer.Ordinal);
    private readonly LeakCounts _leaks = new(place);

    public void Add(string line)
    {
        var entry = LogEntry.Of(line);
        Count(_levels, entry.Level);
        _leaks.Add(line);
        if (entry.Level == LineLevel.Error) Count(_errors, LogFingerprint.Of(entry.Message));
    }

    public IEnumerable<Measure> Measures() =>
    [
        new($"{place.Metrics}.lines", _levels.Values.Sum()), new($"{place.Metrics}.errors", Of(LineLevel.Error)), new($"{place.Metrics}.warnings", Of(LineLevel.Warning)),
        new($"{place.Metrics}.debugs", Of(LineLevel.Debug)), .. _leaks.Measures(),
    ];

    /// <param name="span">How long the stretch is.</param>
    public IEnumerable<Trouble> Troubles(TimeSpan span)
    {
        if (Of(LineLevel.Error) > ManyErrors * Math.Max(1, span / ManyErrorsIn))
            yield return new(TroubleKinds.Unhealthy, Severity.Medium, $"{place.Name} has {Of(LineLevel.Error)} errors in {Words(span)}. Next: {place.Next(span)}.")
            {
                Subject = "log", Evidence = Frequent(),
            };
        foreach (var leak in _leaks.Troubles(span)) yield return leak;
        if (Of(LineLevel.Debug) > 0)
            yield return new(TroubleKinds.Misconfigured, Severity.Low, $"{place.Name} has lines of level debug, which belongs into development only. Fix: LOG_LEVEL=info, or what the product calls it.") { Subject = "log level" };
    }

    /// <summary>The most frequent errors.</summary>
    public Dictionary<string, string> Frequent() => _errors.OrderByDescending(error => error.Value).ThenBy(error => error.Key, StringComparer.Ordinal).Take(Shown)
        .Select((error, index) => ($"error{index + 1}", $"{error.Value}x {error.Key}")).ToDictionary();

    /// <summary>The errors as they are kept by the hour.</summary>
    public IEnumerable<LogTally> Tallies() => _errors.OrderByDescending(error => error.Value).Take(TallyCounts.Kept).Select(error => new LogTally("error", error.Key, error.Value));

    /// <summary>Every type of error, the most frequent first .</summary>
    public IReadOnlyList<NamedCount> Types() => [.. _errors.OrderByDescending(error => error.Value).ThenBy(error => error.Key, StringComparer.Ordinal).Select(error => new NamedCount(error.Key, error.Value))];

    public static string Words(TimeSpan span) => span < TimeSpan.FromMinutes(2) ? $"{span.TotalSeconds:0} s" : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min");

    private int Of(LineLevel level) => _levels.GetValueOrDefault(level);

    private static void Count<T>(Dictionary<T, int> counts, T of)
        where T : notnull => counts[of] = counts.GetValueOrDefault(of) + 1;
}
