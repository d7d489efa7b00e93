using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WhatsOps.Events;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>An alert that Prometheus made: its API and Alertmanager's notifications write it the same way.</summary>
/// <param name="Fingerprint">Of its labels: the same alert has the same, wherever it is heard of.</param>
/// <param name="Words">What it is about, for a person: its summary and a few labels, without secrets and whole phone numbers.</param>
/// <param name="Since">When it began to fire, as it says itself; null: it does not.</param>
internal sealed record ExternalAlert(string Fingerprint, string Name, Severity Severity, string Words, DateTimeOffset? Since)
{
    private const int MostWords = 300;
    private const int MostLabels = 4;
    private static readonly string[] Summaries = ["summary", "description", "message"];

    /// <summary>Null: it has no labels, so it is no alert.</summary>
    public static ExternalAlert? Read(JsonElement alert, string sinceField)
    {
        if (alert.At("labels") is not { ValueKind: JsonValueKind.Object } labels) return null;
        var pairs = labels.EnumerateObject().Where(label => label.Value.ValueKind == JsonValueKind.String)
            .Select(label => (label.Name, Value: label.Value.GetString()!)).OrderBy(label => label.Name, StringComparer.Ordinal).ToArray();
        var name = JsonReading.Plain(labels.Text("alertname") ?? "unnamed");
        var shown = pairs.Where(label => label.Name is not ("alertname" or "severity")).Take(MostLabels).Select(label => $"{label.Name}={label.Value}").ToArray();
        var summary = Summaries.Select(field => alert.Text("annotations", field)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
        var words = Clean($"{summary ?? name}{(shown.Length > 0 ? $" ({string.Join(", ", shown)})" : "")}");
        return new(Hash(pairs), name, SeverityOf(labels.Text("severity")), words, DateTimeOffset.TryParse(alert.Text(sinceField), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) && since.Year > 1 ? since : null);
    }

    public Trouble ToTrouble() => new(TroubleKinds.ExternalAlert, Severity, $"{Name}: {Words}")
    {
        Subject = $"{Name} {Fingerprint[..8]}",
        Evidence = Since is { } since ? new Dictionary<string, string> { ["since"] = since.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture) } : [],
    };

    // There is no standard; these are what rules that people share write.
    private static Severity SeverityOf(string? label) => label?.ToUpperInvariant() switch
    {
        "CRITICAL" or "PAGE" or "EMERGENCY" or "DISASTER" => Severity.Critical,
        "HIGH" or "ERROR" or "MAJOR" => Severity.High,
        "LOW" or "MINOR" => Severity.Low,
        "INFO" or "INFORMATIONAL" or "NONE" => Severity.Info,
        _ => Severity.Medium,
    };

    private static string Hash((string Name, string Value)[] labels)
    {
        // A length before each, so that no two sets of labels read the same.
        var text = string.Concat(labels.Select(label => $"{label.Name.Length}:{label.Name}{label.Value.Length}:{label.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    private static string Clean(string text)
    {
        // Hidden before it is cut: half a secret looks like none.
        var safe = PhoneMask.Mask(LogLeaks.Hide(new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]))).Trim();
        return safe.Length > MostWords ? safe[..MostWords] + "…" : safe;
    }
}
