using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace WhatsOps.Fleet;

/// <summary>
/// <c>${env:NAME}</c>, anywhere in a text: the value of a setting of the host (environment, local.settings.json; on Azure also a Key Vault
/// reference, which the platform resolves into the setting).
/// </summary>
internal sealed partial class References(IConfiguration configuration)
{
    // WhatsOps' own secrets are nobody's to reference: in an address they would leave the host with the next call.
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase) { "OperationsDatabase", "DataKey", "BlobStorage", "AzureWebJobsStorage" };

    public string Resolve(string text) => Pattern().Replace(text, match => Value(match.Groups["name"].Value) ?? throw new MissingSecretException(match.Value));

    /// <summary>The references in a text that have no value.</summary>
    public IEnumerable<string> Missing(string text) =>
        Pattern().Matches(text).Where(match => Value(match.Groups["name"].Value) is null).Select(match => match.Value);

    /// <summary>True when the whole text is one reference: nothing of the secret stands in the file.</summary>
    public static bool IsReference(string text) => Pattern().Match(text) is { Success: true } match && match.Length == text.Length;

    public static bool ContainsReference(string text) => Pattern().IsMatch(text);

    /// <summary>True when something looks like a reference and is none: <c>${env:}</c>, <c>${ENV:X}</c>, <c>${vault:X}</c>, <c>${env:X</c>.</summary>
    public static bool MalformedIn(string text) => Pattern().Replace(text, "").Contains("${", StringComparison.Ordinal);

    // The environment provider turns A__B into A:B.
    private string? Value(string name) =>
        Own.Contains(name) || name.StartsWith("EmbeddedHost", StringComparison.OrdinalIgnoreCase) ? null
        : configuration[name] is { Length: > 0 } value ? value : configuration[name.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } nested ? nested : null;

    [GeneratedRegex(@"\$\{env:(?<name>[A-Za-z_][A-Za-z0-9_]*)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
