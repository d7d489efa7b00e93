using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a file must say: the manual's values, and those of the fleet file in their place.</summary>
internal static class WantedSettings
{
    private const string Any = "*";

    public static IEnumerable<(string Name, string Value)> Of(FileTarget target, IReadOnlyDictionary<string, string> manual) =>
        manual.Where(setting => !target.Settings.ContainsKey(setting.Key)).Concat(target.Settings).Where(setting => setting.Value != Any).Select(setting => (setting.Key, setting.Value));

    public static Trouble Differs(FileTarget target, string setting, string words) =>
        new(TroubleKinds.Misconfigured, Severity.Low, $"{setting} in {target.Path} of container {target.Container.Container} {words}") { Subject = setting };

    public static Trouble Unknown(FileTarget target, string setting, string words) =>
        new(TroubleKinds.NotObservable, Severity.Low, $"{setting} in {target.Path} of container {target.Container.Container} {words}") { Subject = setting };
}
