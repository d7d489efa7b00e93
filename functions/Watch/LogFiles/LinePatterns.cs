using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What the manuals grep logs for: slow entries, refusals, logins (R-232, R-239, R-240), and what the fleet file adds.</summary>
internal sealed partial class LinePatterns(LogFileTarget target)
{
    private readonly (string Name, Regex Pattern)[] _all =
    [
        ("slow", Slow()), ("unauthorized", Refused()), ("auth", Login()), .. target.Patterns.Select(pattern => (pattern.Key, LogPatterns.Compile(pattern.Value))),
    ];

    public IEnumerable<string> Find(string line) => _all.Where(pattern => pattern.Pattern.IsMatch(line)).Select(pattern => pattern.Name);

    /// <summary>True: the path is one of logins or tokens.</summary>
    public static bool IsLogin(string path) => Login().IsMatch(path);

    [GeneratedRegex(@"\bslow", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Slow();

    // The manual's 401 is also a millisecond, a port, a duration, a part of an id.
    [GeneratedRegex(@"(?<![\w.,#/-]|\d:)40[13](?![\w:-]|[.,]\d|\s?(?:ms|s|bytes)\b)|unauthori[sz]ed|forbidden", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Refused();

    // An author is none, and neither are the tokens that a language model counts.
    [GeneratedRegex(@"(?<!un)auth(?!or(?!i))|log-?[io]n|sign-?in|token(?!s\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Login();
}
