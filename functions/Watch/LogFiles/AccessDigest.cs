using System.Net;
using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What an access log comes to: requests by class of status, refusals, logins, the most frequent addresses, masked .</summary>
internal sealed class AccessDigest(LogFileTarget target) : ILineDigest
{
    // Below so many requests a share of errors says nothing.
    private const int LeastRequests = 20;

    private const int LeastLines = 10;
    private static readonly string[] Classes = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    private readonly LeakCounts _leaks = new(LogPlace.Of(target));
    private readonly (string Name, Regex Pattern)[] _own = [.. target.Patterns.Select(pattern => (pattern.Key, LogPatterns.Compile(pattern.Value)))];
    private readonly PatternCounts _found = new(["unauthorized", "auth", .. target.Patterns.Keys]);
    private readonly TallyCounts _addresses = new();
    private readonly int[] _requests = new int[Classes.Length];
    private int _unreadable;

    public void Add(string line)
    {
        _leaks.Add(line);
        foreach (var (name, pattern) in _own)
            if (pattern.IsMatch(line)) _found.Add(name, line);
        if (AccessLine.Of(line) is not { } access)
        {
            _unreadable++;
            return;
        }

        _requests[(access.Status / 100) - 1]++;
        // Behind a socket there is no address, and a name may be a person's machine.
        _addresses.Add(AddressMask.Of(access.Address) ?? "unknown");
        var words = $"{access.Method} {access.Path} {Class(access.Status)}";
        if (access.Status is (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden) _found.Add("unauthorized", words);
        if (LinePatterns.IsLogin(access.Path)) _found.Add("auth", words);
    }

    public IEnumerable<Measure> Measures()
    {
        var all = _requests.Sum();
        yield return new("log.lines", all + _unreadable);
        yield return new("log.unreadable", _unreadable);
        for (var index = 0; index < Classes.Length; index++) yield return new("log.requests", _requests[index], Classes[index]);
        if (all >= LeastRequests) yield return new("log.requests.errors.percent", 100.0 * _requests[^1] / all);
        foreach (var match in _found.Measures()) yield return match;
        foreach (var leak in _leaks.Measures()) yield return leak;
    }

    public IEnumerable<Trouble> Troubles(TimeSpan span) =>
    [
        .. _leaks.Troubles(span),
        .. _requests.Sum() + _unreadable is >= LeastLines and var lines && _unreadable * 2 > lines
            ? (Trouble[])[new(TroubleKinds.NotObservable, Severity.Low, $"{LogPlace.Of(target).Name} is not in nginx' format combined: {_unreadable} of {lines} lines cannot be read, so its requests are not counted. Fix: access_log {target.Path} combined;, or another format in the fleet file.") { Subject = "format" }]
            : [],
    ];

    public IEnumerable<LogTally> Tallies() =>
    [
        .. _addresses.Most().Select(one => new LogTally("address", one.What, one.Count)),
        .. _found.Tallies(),
    ];

    private static string Class(int status) => Classes[(status / 100) - 1];
}
