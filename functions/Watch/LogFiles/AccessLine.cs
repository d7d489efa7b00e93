using System.Globalization;
using System.Text.RegularExpressions;

namespace WhatsOps.Watch;

/// <summary>A line of nginx' format <c>combined</c>: who, what, and how it was answered. Fields behind the size do not matter.</summary>
/// <param name="Path">Without its query, which may hold secrets.</param>
internal sealed partial record AccessLine(string Address, string Method, string Path, int Status)
{
    public static AccessLine? Of(string line)
    {
        if (Combined().Match(line) is not { Success: true } match) return null;
        // A request that is none (a scan, TLS on a port without) has no method and no path.
        var request = match.Groups["request"].Value.Split(' ');
        var (method, path) = request.Length == 3 && request[2].StartsWith("HTTP/", StringComparison.Ordinal) ? (request[0], request[1]) : ("", "");
        return new(match.Groups["address"].Value, method, path.Split('?')[0], int.Parse(match.Groups["status"].Value, CultureInfo.InvariantCulture));
    }

    // nginx writes a quote within a request as \x22.
    [GeneratedRegex("""^(?<address>\S+) \S+ [^\[]+ \[[^\]]*\] "(?<request>[^"]*)" (?<status>[1-5]\d\d) (?:\d+|-)(?:\s|$)""", RegexOptions.CultureInvariant)]
    private static partial Regex Combined();
}
