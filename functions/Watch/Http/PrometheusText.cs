using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Prometheus' text exposition. Of each wanted metric the series are summed up; where they have a status (<c>status</c> or <c>code</c>), by its class, <c>5xx</c>.
/// A wanted metric that is not there is a finding: TurboZap's manual asks for six that its code never registers (R-316).
/// </summary>
internal static partial class PrometheusText
{
    public static Reading Read(HttpTarget target, byte[] body)
    {
        var lines = 0;
        var sums = new Dictionary<(string Metric, string Subject), double>();
        foreach (var (metric, labels, value) in Series(body))
        {
            lines++;
            if (!target.Metrics.Contains(metric) || double.IsNaN(value) || double.IsInfinity(value)) continue;
            var key = (metric, Status().Match(labels) is { Success: true } status ? $"{status.Groups["class"].Value}xx" : "");
            sums[key] = sums.GetValueOrDefault(key) + value;
        }

        if (lines == 0) return Reading.Unreachable("What it answers is no metrics.");
        return Reading.Seen(
            $"{lines} series.", [.. sums.Select(sum => new Measure("prometheus." + sum.Key.Metric, sum.Value, sum.Key.Subject))],
            target.Metrics.Where(metric => !sums.Keys.Any(key => key.Metric == metric)).Select(metric =>
                new Trouble(TroubleKinds.NotObservable, Severity.Low, $"{metric} is not among its metrics: it is not instrumented, and its rules say nothing.") { Subject = metric }));
    }

    /// <summary>Every series of the page, with its labels as they are written.</summary>
    public static IEnumerable<(string Name, string Labels, double Value)> Series(byte[] body)
    {
        foreach (var line in Encoding.UTF8.GetString(body).Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var match = Line().Match(line.TrimEnd('\r'));
            if (match.Success && Value(match.Groups["value"].Value) is { } value) yield return (match.Groups["name"].Value, match.Groups["labels"].Value, value);
        }
    }

    private static double? Value(string text) => text switch
    {
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([^"}]|"(\\.|[^"\\])*")*)\})?[ \t]+(?<value>\S+)([ \t]+-?\d+)?[ \t]*$""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex("(^|[,{ ])(status|code)=\"(?<class>[1-5])[0-9]{2}\"", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Status();
}
