using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>What differs between a gateway's webhook and the one that the fleet file wants, in words fit to be shown: headers by name only.</summary>
internal static class WebhookDifferences
{
    /// <param name="now">As the gateway has it; null: none is set.</param>
    public static IReadOnlyList<string> Of(WebhookSettings? now, WebhookSettings wanted)
    {
        if (now is null) return [$"none is set → {wanted}"];
        var differences = new List<string>();
        if (now.Enabled != wanted.Enabled) differences.Add($"{(now.Enabled ? "enabled" : "disabled")} → {(wanted.Enabled ? "enabled" : "disabled")}");
        if (now.Url != wanted.Url) differences.Add($"URL {now.Address} → {wanted.Address}");
        var (lacking, more) = (wanted.Events.Except(now.Events).ToList(), now.Events.Except(wanted.Events).ToList());
        // An empty list means every event to Evolution.
        if (now.Events.Count == 0 && wanted.Events.Count > 0) differences.Add($"all events → {string.Join(", ", wanted.Events)}");
        else if (lacking.Count + more.Count > 0) differences.Add("events " + string.Join(", ", lacking.Select(name => $"+{name}").Concat(more.Select(name => $"-{name}"))));
        foreach (var (name, value) in wanted.Headers)
            if (now.Headers.GetValueOrDefault(name) is var sent && sent != value) differences.Add($"header {name} {(sent is null ? "is missing" : "has another value")}");
        if (now.ByEvents != wanted.ByEvents) differences.Add($"byEvents {Word(now.ByEvents)} → {Word(wanted.ByEvents)}");
        if (now.Base64 != wanted.Base64) differences.Add($"base64 {Word(now.Base64)} → {Word(wanted.Base64)}");
        return differences;
    }

    private static string Word(bool value) => value ? "on" : "off";
}
