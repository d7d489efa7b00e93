using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a file must say: the manual's values, and those of the fleet file in their place.</summary>
internal static class WantedSettings
{
    private const string Any = "*";
    private const int MostShown = 30;

    public static IEnumerable<(string Name, string Value)> Of(FileTarget target, IReadOnlyDictionary<string, string> manual) =>
        manual.Where(setting => !target.Settings.ContainsKey(setting.Key)).Concat(target.Settings).Where(setting => setting.Value != Any).Select(setting => (setting.Key, setting.Value));

    /// <param name="plain">The one way to write it, of several that mean the same.</param>
    public static bool AreSame(string value, string wanted, Func<string, string> plain) => string.Equals(plain(value), plain(wanted), StringComparison.OrdinalIgnoreCase);

    /// <summary>The beginning of a value: it may be long, or hold what is nobody's business.</summary>
    public static string Shown(string value) => value.Length <= MostShown ? value : value[..MostShown] + "…";

    public static Trouble Differs(FileTarget target, string setting, string words) =>
        new(TroubleKinds.Misconfigured, Severity.Low, $"{setting} in {target.Path} of container {target.Container.Container} {words}") { Subject = setting };

    public static Trouble Unknown(FileTarget target, string setting, string words) =>
        new(TroubleKinds.NotObservable, Severity.Low, $"{setting} in {target.Path} of container {target.Container.Container} {words}") { Subject = setting };
}
