using System.Globalization;
using System.Text.RegularExpressions;
using Cronos;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Settings of PM2's <c>ecosystem.config.js</c> against the manual, and whether its planned restart is in a maintenance window (R-366). The file is a program: it is
/// read as text and never run, so only what stands there literally is known.
/// </summary>
internal static partial class Pm2Settings
{
    private const string Restart = "cron_restart";
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan After = TimeSpan.FromMinutes(10);

    private static readonly Dictionary<string, string> Manual = new(StringComparer.Ordinal) { ["instances"] = "max", ["max_memory_restart"] = "500M", [Restart] = "0 3 * * *" };

    /// <param name="zone">TZ of the container; null: it has none, and its clock is UTC.</param>
    public static (IReadOnlyList<Trouble> Troubles, string? Words) Check(FleetSystem system, FileTarget target, string text, string? zone, DateTimeOffset now)
    {
        var found = Settings().Matches(text).Where(match => match.Groups["name"].Success).ToLookup(match => match.Groups["name"].Value, match => match.Groups["value"].Value.Trim(), StringComparer.Ordinal);
        var troubles = WantedSettings.Of(target, Manual).SelectMany(wanted => Judge(target, wanted.Name, wanted.Value, [.. found[wanted.Name]])).ToList();
        string? words = null;
        foreach (var cron in found[Restart].Select(Literal).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var (planned, trouble) = Planned(system, target, cron, zone, now);
            words = planned ?? words;
            if (trouble is not null) troubles.Add(trouble);
        }

        return (troubles, words);
    }

    private static IEnumerable<Trouble> Judge(FileTarget target, string name, string wanted, string[] values)
    {
        if (values.Length == 0) yield return WantedSettings.Differs(target, name, $"is not set; {wanted} is wanted. Fix: {name}: '{wanted}', then pm2 reload.");
        else if (values.Select(Literal).FirstOrDefault(value => value is not null && !WantedSettings.AreSame(value, wanted, one => Plain(name, one))) is { } other)
            yield return WantedSettings.Differs(target, name, $"is {WantedSettings.Shown(other)}; {wanted} is wanted. Fix: {name}: '{wanted}', then pm2 reload.");
        else if (values.Any(value => Literal(value) is null)) yield return WantedSettings.Unknown(target, name, $"is computed by the file, so its value is not known here; {wanted} is wanted.");
    }

    // The words say when; a trouble says that no window covers it.
    private static (string? Words, Trouble? Trouble) Planned(FleetSystem system, FileTarget target, string cron, string? zoneName, DateTimeOffset now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zoneName is null or "" ? "UTC" : zoneName, out var zone)) zone = TimeZoneInfo.Utc;
        if (!CronExpression.TryParse(cron, out var expression) || expression.GetNextOccurrence(now, zone) is not { } next)
            return (null, WantedSettings.Unknown(target, $"{Restart} window", "is no cron expression of five fields, so when PM2 restarts is not known."));
        var local = TimeZoneInfo.ConvertTime(next, TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone));
        var words = string.Create(CultureInfo.InvariantCulture, $"PM2 restarts by {cron} ({zone.Id}), next at {local:HH:mm} of {system.TimeZone}");
        // It restarts at once, and is back a little later.
        if (MaintenanceWindows.Contain(system, null, next) && MaintenanceWindows.Contain(system, null, next + TimeSpan.FromMinutes(1))) return ($"{words}, in a maintenance window.", null);
        return ($"{words}, in no maintenance window.", WantedSettings.Differs(
            target, $"{Restart} window", string.Create(CultureInfo.InvariantCulture, $"plans a restart that no maintenance window covers: {words}. Fix: maintenanceWindows: [{{ \"from\": \"{local - Before:HH:mm}\", \"to\": \"{local + After:HH:mm}\" }}], or its short uptime is taken for a crash.")));
    }

    // 0 and max are the same to PM2; sizes count by their bytes.
    private static string Plain(string name, string value) => name switch
    {
        "instances" when value == "0" => "max",
        "max_memory_restart" when Size().Match(value) is { Success: true } size => (long.Parse(size.Groups["number"].Value, CultureInfo.InvariantCulture) * (size.Groups["unit"].Value.ToUpperInvariant() switch
        {
            "K" => 1L << 10,
            "M" => 1L << 20,
            "G" => 1L << 30,
            _ => 1,
        })).ToString(CultureInfo.InvariantCulture),
        _ => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
    };

    // Null: it is computed.
    private static string? Literal(string value) => value switch
    {
        ['\'' or '"' or '`', .. var inner, _] when inner.AsSpan().IndexOf("${") < 0 => inner,
        _ => long.TryParse(value, CultureInfo.InvariantCulture, out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
    };

    // Comments and other text in quotes first, so that nothing in them is taken for a setting.
    [GeneratedRegex("""
        //[^\n]*|/\*[\s\S]*?\*/|(?<![\w$])["']?(?<name>instances|max_memory_restart|cron_restart|exec_mode)["']?\s*:\s*(?<value>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`[^`]*`|[^,}\n/]+)|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`[^`]*`
        """, RegexOptions.CultureInvariant, FileProbe.RegexMilliseconds)]
    private static partial Regex Settings();

    [GeneratedRegex(@"^(?<number>\d{1,12})(?<unit>[KMG]?)B?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Size();
}
