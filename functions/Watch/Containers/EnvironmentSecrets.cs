using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Which variables of an environment are secrets, and what is wrong with their values. A value never leaves this class (R-247, R-320, R-376).</summary>
internal static partial class EnvironmentSecrets
{
    // What example files and images ship with, and what is tried first.
    private static readonly HashSet<string> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        "admin", "admin123", "administrator", "changeit", "default", "dev", "evolution", "guest", "letmein", "minio", "minio123", "minioadmin", "mudar123", "mysecret", "mysecretpassword", "passw0rd",
        "password", "password123", "postgres", "qwerty", "rabbitmq", "redis", "root", "secret", "secretkey", "senha", "senha123", "supersecret", "test", "teste", "toor", "user",
        "123456", "1234567", "12345678", "123456789", "1234567890",
    };

    /// <summary>Every secret by the name of its variable; what is wrong with it, or null.</summary>
    /// <param name="environment"><c>NAME=VALUE</c>, as an engine gives it.</param>
    public static IReadOnlyList<(string Name, EnvironmentWeakness? Weakness)> Of(IEnumerable<string> environment)
    {
        var all = environment.Select(variable => variable.Split('=', 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0], StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Last()[1].Trim(), StringComparer.Ordinal);
        // An empty one is not set.
        var secrets = all.Select(variable => (variable.Key, Secret: SecretOf(variable.Key, variable.Value))).Where(variable => variable.Secret is { Length: > 0 }).OrderBy(variable => variable.Key, StringComparer.Ordinal).ToArray();
        return [.. secrets.Select(variable => (variable.Key, Weakness(variable.Key, variable.Secret!, all, secrets)))];
    }

    // Null: it is none.
    private static string? SecretOf(string name, string value) => UrlPassword().Match(value) is { Success: true } url ? Uri.UnescapeDataString(url.Groups["password"].Value) : IsSecret(name) ? value : null;

    private static EnvironmentWeakness? Weakness(string name, string secret, Dictionary<string, string> all, IReadOnlyList<(string Name, string? Secret)> secrets)
    {
        if (Defaults.Contains(secret)) return EnvironmentWeakness.Default;
        if (Placeholder().IsMatch(secret)) return EnvironmentWeakness.Placeholder;
        if (UserOf(name, all) is { } user && string.Equals(user, secret, StringComparison.OrdinalIgnoreCase)) return EnvironmentWeakness.SameAsUser;
        // A certificate's key is as strong as it was made.
        if (secret.Contains("-----BEGIN ", StringComparison.Ordinal)) return null;
        var isPassword = !IsKey(name);
        if (secret.Length < (isPassword ? 12 : Hex().IsMatch(secret) ? 32 : SecretStrength.LeastLength)) return EnvironmentWeakness.Short;
        if (SecretStrength.Bits(secret) < (isPassword ? 30 : SecretStrength.LeastBits)) return EnvironmentWeakness.Repetitive;
        return !isPassword && secrets.Any(other => other.Name != name && IsKey(other.Name) && other.Secret == secret) ? EnvironmentWeakness.Shared : null;
    }

    private static string? UserOf(string name, Dictionary<string, string> all) =>
        UrlPassword().Match(all[name]) is { Success: true } url ? Uri.UnescapeDataString(url.Groups["user"].Value)
        : PasswordEnd().Replace(name, "") is var stem && stem != name ? all.GetValueOrDefault(stem + "USER") ?? all.GetValueOrDefault(stem + "USERNAME") : null;

    private static bool IsSecret(string name) => SecretName().IsMatch(name) && !PublicName().IsMatch(name);

    private static bool IsKey(string name) => IsSecret(name) && !PasswordEnd().IsMatch(name);

    [GeneratedRegex("(?:PASSWORD|PASSWD|PASS|SENHA|SECRET|TOKEN|KEY|SALT)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    // Images of Python and nginx name the key that their sources are signed with.
    [GeneratedRegex("(?:PUBLIC|PUB|GPG|PARTITION|SORT|CACHE|ROUTING|PRIMARY|FOREIGN)_?KEYS?$|BYPASS$|COMPASS$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PublicName();

    [GeneratedRegex("(?:PASSWORD|PASSWD|PASS|SENHA)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PasswordEnd();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]{0,20}://(?<user>[^\s:/@]{0,100}):(?<password>[^\s@/]{1,200})@", RegexOptions.CultureInvariant)]
    private static partial Regex UrlPassword();

    [GeneratedRegex(@"^[<\[{].*[>\]}]$|^\$\{\w|^\$[A-Z_]+$|change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this|with)|placeholder|mude[-_ ]?(?:me|isso)|troque|\byour[-_ ]|^seu[-_ ]|^sua[-_ ]|example|^(?:x{3,}|\*{3,}|\.{3,})$|^todo$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();

    [GeneratedRegex("^[0-9a-f]+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Hex();
}
