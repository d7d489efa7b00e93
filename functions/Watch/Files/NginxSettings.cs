using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Directives of an nginx configuration against the manual (R-367). What an included file says is not known.</summary>
internal static partial class NginxSettings
{
    private static readonly Dictionary<string, string> Manual = new(StringComparer.Ordinal)
    {
        ["worker_processes"] = "auto", ["worker_connections"] = "1024", ["keepalive_timeout"] = "65", ["gzip"] = "on", ["gzip_comp_level"] = "6",
    };

    // What nginx does without the directive.
    private static readonly Dictionary<string, string> Without = new(StringComparer.Ordinal)
    {
        ["worker_processes"] = "1", ["worker_connections"] = "512", ["keepalive_timeout"] = "75s", ["gzip"] = "off", ["gzip_comp_level"] = "1",
    };

    public static IReadOnlyList<Trouble> Check(FileTarget target, string text)
    {
        var found = Directives().Matches(text).Where(match => match.Groups["name"].Success).ToLookup(match => match.Groups["name"].Value, match => match.Groups["value"].Value.Trim(), StringComparer.Ordinal);
        var hasIncludes = found["include"].Any(file => !file.Contains("mime.types", StringComparison.Ordinal));
        return [.. WantedSettings.Of(target, Manual).Select(wanted => Judge(target, wanted.Name, wanted.Value, [.. found[wanted.Name]], hasIncludes)).OfType<Trouble>()];
    }

    private static Trouble? Judge(FileTarget target, string name, string wanted, string[] values, bool hasIncludes) => values switch
    {
        [] when Without.GetValueOrDefault(name) is { } alone && WantedSettings.AreSame(alone, wanted, Plain) => null,
        [] when hasIncludes => WantedSettings.Unknown(target, name, $"is not set there, but it includes other files, which are not read; {wanted} is wanted."),
        [] => WantedSettings.Differs(target, name, $"is not set, so it is {Without.GetValueOrDefault(name) ?? "nginx' own value"}; {wanted} is wanted. Fix: {name} {wanted};"),
        _ => values.FirstOrDefault(value => !WantedSettings.AreSame(value, wanted, Plain)) is { } other ? WantedSettings.Differs(target, name, $"is {WantedSettings.Shown(other)}; {wanted} is wanted. Fix: {name} {wanted}; then nginx -t and nginx -s reload.") : null,
    };

    // keepalive_timeout 65s 60: the second is a header only.
    private static string Plain(string value) => Seconds().Replace(value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? first : "", "$1");

    // Comments and quoted text first, so that nothing in them is taken for a directive.
    [GeneratedRegex("""#[^\n]*|(?<=^|[;{}\s])(?<name>[a-z_]+)\s+(?<value>(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^;{}"'#]){1,500});""", RegexOptions.CultureInvariant, FileProbe.RegexMilliseconds)]
    private static partial Regex Directives();

    [GeneratedRegex(@"^(\d+)s$", RegexOptions.CultureInvariant)]
    private static partial Regex Seconds();
}
