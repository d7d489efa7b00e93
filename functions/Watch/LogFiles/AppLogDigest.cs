using System.Globalization;
using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a product's own log comes to: levels, leaks, the patterns of the manuals, and the mean of <c>processingTime</c> (R-232, R-239, R-240, R-354, R-407).</summary>
internal sealed partial class AppLogDigest(LogFileTarget target) : ILineDigest
{
    private const double MillisecondsPerSecond = 1000;

    // Below so few lines a format is not judged.
    private const int LeastLines = 10;

    private readonly LogDigest _digest = new(LogPlace.Of(target));
    private readonly LinePatterns _patterns = new(target);
    private readonly PatternCounts _found = new([.. LogPatterns.BuiltIn, .. target.Patterns.Keys]);
    private (int Lines, double Milliseconds) _processing;
    private (int All, int Json) _lines;

    public void Add(string line)
    {
        _digest.Add(line);
        _lines = (_lines.All + 1, _lines.Json + (line.StartsWith('{') ? 1 : 0));
        foreach (var name in _patterns.Find(line)) _found.Add(name, LogEntry.Of(line).Message);
        foreach (Match match in Processing().Matches(line))
            _processing = (_processing.Lines + 1, _processing.Milliseconds + (double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture) * (match.Groups["unit"].Value == "s" ? MillisecondsPerSecond : 1)));
    }

    public IEnumerable<Measure> Measures() =>
    [
        .. _digest.Measures(),
        .. _found.Measures(),
        .. _processing.Lines == 0
            ? (Measure[])[]
            : [new("log.processing.milliseconds", _processing.Milliseconds / _processing.Lines), new("log.processing.lines", _processing.Lines), new("log.processing.total.milliseconds", _processing.Milliseconds)],
    ];

    public IEnumerable<Trouble> Troubles(TimeSpan span) =>
    [
        .. _digest.Troubles(span),
        .. target.Format == LogFormat.Json && _lines.All >= LeastLines && _lines.Json * 2 < _lines.All
            ? (Trouble[])[new(TroubleKinds.Misconfigured, Severity.Low, $"{LogPlace.Of(target).Name} is no JSON: {_lines.All - _lines.Json} of {_lines.All} lines are text. Fix: write format text in the fleet file, or let the product log JSON.") { Subject = "format" }]
            : [],
    ];

    public IEnumerable<LogTally> Tallies() => [.. _found.Tallies(), .. _digest.Tallies()];

    // "processingTime": 12.5 of JSON, processingTime=12ms of text; a number without a unit is in milliseconds.
    [GeneratedRegex("""\bprocessing_?time(?:_?ms)?["']?\s*[:=]\s*["']?(?<value>\d{1,12}(?:\.\d{1,9})?)\s*(?<unit>ms|s)?(?![\w.])""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Processing();
}
