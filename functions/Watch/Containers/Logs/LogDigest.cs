using System.Globalization;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a stretch of a log comes to: counts, the fingerprints of errors, names of what leaks. No line of it is kept (R-008 to R-010, R-151, R-158, R-191, R-405).</summary>
internal sealed class LogDigest
{
    /// <summary>Errors in 5 minutes above which a look is a trouble by itself (R-344). A longer stretch may have as many more.</summary>
    public const int ManyErrors = 10;

    private const int Shown = 3;
    private static readonly TimeSpan ManyErrorsIn = TimeSpan.FromMinutes(5);

    private readonly Dictionary<LineLevel, int> _levels = [];
    private readonly Dictionary<string, int> _errors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _leaks = new(StringComparer.Ordinal);

    public void Add(LogLine line)
    {
        var entry = LogEntry.Of(line.Text);
        Count(_levels, entry.Level);
        foreach (var leak in LogLeaks.Find(line.Text)) Count(_leaks, leak);
        if (entry.Level == LineLevel.Error) Count(_errors, LogFingerprint.Of(entry.Message));
    }

    public IEnumerable<Measure> Measures() =>
    [
        new("container.log.lines", _levels.Values.Sum()), new("container.log.errors", Of(LineLevel.Error)), new("container.log.warnings", Of(LineLevel.Warning)),
        new("container.log.debugs", Of(LineLevel.Debug)), .. _leaks.Select(leak => new Measure("container.log.leaks", leak.Value, leak.Key)),
    ];

    /// <param name="span">How long the stretch is.</param>
    public IEnumerable<Trouble> Troubles(string container, TimeSpan span)
    {
        if (Of(LineLevel.Error) > ManyErrors * Math.Max(1, span / ManyErrorsIn))
            yield return new(TroubleKinds.Unhealthy, Severity.Medium, $"The log of container {container} has {Of(LineLevel.Error)} errors in {Words(span)}. Next: docker logs --since {(int)span.TotalSeconds + 60}s {container}.")
            {
                Subject = "log", Evidence = Frequent(),
            };
        foreach (var (leak, lines) in _leaks)
            yield return new(TroubleKinds.Exposed, Severity.High, $"The log of container {container} has a {leak} in clear, in {lines} lines in {Words(span)}. Fix: mask it where it is logged, then delete the log{(leak == "phone number" ? "" : " and exchange the secret")}.") { Subject = leak };
        if (Of(LineLevel.Debug) > 0)
            yield return new(TroubleKinds.Misconfigured, Severity.Low, $"Container {container} logs at level debug, which belongs into development only. Fix: LOG_LEVEL=info, or what the product calls it.") { Subject = "log level" };
    }

    /// <summary>The most frequent errors.</summary>
    public Dictionary<string, string> Frequent() => _errors.OrderByDescending(error => error.Value).ThenBy(error => error.Key, StringComparer.Ordinal).Take(Shown)
        .Select((error, index) => ($"error{index + 1}", $"{error.Value}x {error.Key}")).ToDictionary();

    /// <summary>Every type of error, the most frequent first (R-279).</summary>
    public IReadOnlyList<NamedCount> Types() => [.. _errors.OrderByDescending(error => error.Value).ThenBy(error => error.Key, StringComparer.Ordinal).Select(error => new NamedCount(error.Key, error.Value))];

    private int Of(LineLevel level) => _levels.GetValueOrDefault(level);

    private static string Words(TimeSpan span) => span < TimeSpan.FromMinutes(2) ? $"{span.TotalSeconds:0} s" : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min");

    private static void Count<T>(Dictionary<T, int> counts, T of)
        where T : notnull => counts[of] = counts.GetValueOrDefault(of) + 1;
}
