using System.Globalization;
using StackExchange.Redis;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Compares what CONFIG GET gives back with what the fleet file wants. Managed servers often forbid CONFIG: that is said, not passed over.</summary>
internal sealed class RedisSettings(IServer server, RedisTarget target)
{
    // Redis' own units: k is 1000, kb is 1024.
    private static readonly (string Unit, double Bytes)[] Units =
        [("kb", 1024), ("mb", 1024 * 1024), ("gb", 1024.0 * 1024 * 1024), ("k", 1000), ("m", 1_000_000), ("g", 1_000_000_000), ("b", 1)];

    public async Task<IReadOnlyList<Trouble>> CheckAsync(RedisInfo? info)
    {
        var troubles = new List<Trouble>();
        foreach (var (setting, wanted) in target.Settings)
        {
            var (found, problem) = await GetAsync(setting);
            if (problem is not null) troubles.Add(problem);
            else if (found is null) troubles.Add(Differs(setting, $"Redis has no setting {setting} in this version; the fleet file wants {Shown(wanted)}."));
            else if (!AreSame(wanted, found)) troubles.Add(Differs(setting, $"Setting {setting} is {Shown(found)}; the fleet file wants {Shown(wanted)}. Fix: CONFIG SET {setting}, and redis.conf so that it stays."));
        }

        if (target.MustPersist && await PersistenceAsync(info) is { } lost) troubles.Add(lost);
        return troubles;
    }

    /// <summary>Word by word, ignoring case; sizes by their bytes: 256mb is 268435456. <c>save</c> is a sequence of words, too.</summary>
    public static bool AreSame(string wanted, string found)
    {
        var (left, right) = (Words(wanted), Words(found));
        return left.Length == right.Length && left.Zip(right).All(pair => string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase) || (Size(pair.First) is { } size && size == Size(pair.Second)));

        // A configuration file writes an empty value as "".
        static string[] Words(string value) => value == "\"\"" ? [] : value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<Trouble?> PersistenceAsync(RedisInfo? info)
    {
        if (info?.Text("aof_enabled") == "1") return null;
        var (points, problem) = await GetAsync("save");
        if (problem is not null) return problem with { Subject = "persistence" };
        if (!string.IsNullOrWhiteSpace(points)) return null;
        var (file, unread) = await GetAsync("appendonly");
        if (unread is not null || file == "yes") return unread;
        return new(TroubleKinds.Misconfigured, Severity.High, "Redis keeps nothing on disk (no save points, no append-only file): a restart loses everything in it. Fix: save \"900 1 300 10 60 10000\" or appendonly yes.") { Subject = "persistence" };
    }

    private async Task<(string? Value, Trouble? Problem)> GetAsync(string setting)
    {
        try
        {
            // The name is a pattern to the server.
            var found = await server.ConfigGetAsync(setting);
            return (found.Where(entry => string.Equals(entry.Key, setting, StringComparison.OrdinalIgnoreCase)).Select(entry => entry.Value).FirstOrDefault(), null);
        }
        catch (Exception problem) when (problem is RedisServerException or RedisCommandException)
        {
            return (null, new(TroubleKinds.NotObservable, Severity.Low, $"Setting {setting} cannot be read: CONFIG is forbidden or renamed on this server, as on most managed ones. Check it in the provider's console, or allow config|get to the user.") { Subject = setting });
        }
    }

    private static Trouble Differs(string setting, string cause) => new(TroubleKinds.Misconfigured, Severity.Medium, cause) { Subject = setting };

    private static string Shown(string value) => value.Length == 0 ? "empty" : $"\"{value}\"";

    private static double? Size(string word)
    {
        var (digits, bytes) = (word, 1.0);
        foreach (var (unit, factor) in Units)
            if (word.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                (digits, bytes) = (word[..^unit.Length], factor);
                break;
            }

        return double.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number * bytes : null;
    }
}
