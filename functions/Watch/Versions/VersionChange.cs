using System.Globalization;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>A target that is of another version than before. Whoever looks for what broke wants to know that first, so it is told for three days: until Monday's digest of what a Friday changed.</summary>
/// <param name="Part">What of the target changed: <c>schema</c>, <c>server</c>.</param>
internal sealed record VersionChange(string Part, string Before, string After, DateTimeOffset At)
{
    public static readonly TimeSpan Told = TimeSpan.FromDays(3);

    public Trouble AsTrouble(string target)
    {
        var at = At.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return new(TroubleKinds.VersionChanged, Severity.Low, $"The {Part} of {target} went from {Before} to {After}, as seen at {at}. Nothing need be wrong; if nobody of the team did it, or something broke since then, begin here.")
        {
            Subject = Part, Evidence = new Dictionary<string, string> { ["part"] = Part, ["before"] = Before, ["after"] = After, ["changed_at"] = at },
        };
    }
}
