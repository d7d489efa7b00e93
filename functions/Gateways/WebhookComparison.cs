namespace WhatsOps.Gateways;

/// <summary>What differs between a gateway's webhook and the one it should have: the one comparison, for audits that tell and runbooks that mend.</summary>
internal static class WebhookComparison
{
    /// <param name="real">As the gateway has it; null: none is set.</param>
    /// <param name="wanted">Headers beside its own are left alone. An empty secret: the tenant has none yet.</param>
    /// <param name="previousSecret">Tells a rotation that has not reached the gateway from a foreign value.</param>
    /// <param name="withHeaders">False: nothing can be said of them (1.x sends none).</param>
    public static IReadOnlyList<FieldDifference> Of(WebhookSettings? real, WebhookSettings wanted, string? previousSecret = null, bool withHeaders = true)
    {
        if (real is null) return [new("webhook", "none is set", wanted.ToString())];
        var found = new List<FieldDifference>();
        if (real.Enabled != wanted.Enabled) found.Add(new("enabled", Word(real.Enabled), Word(wanted.Enabled)));
        if (real.Url != wanted.Url) found.Add(new("url", real.Address, wanted.Address));
        if (!real.Events.ToHashSet(StringComparer.Ordinal).SetEquals(wanted.Events)) found.Add(new("events", Words(real.Events), Words(wanted.Events)));
        if (real.ByEvents != wanted.ByEvents) found.Add(new("byEvents", Word(real.ByEvents), Word(wanted.ByEvents)));
        if (real.Base64 != wanted.Base64) found.Add(new("base64", Word(real.Base64), Word(wanted.Base64)));
        if (withHeaders) found.AddRange(wanted.Headers.Select(header => Header(real.Headers, header.Key, header.Value, previousSecret)).OfType<FieldDifference>());
        return found;
    }

    private static FieldDifference? Header(IReadOnlyDictionary<string, string> real, string name, string value, string? previousSecret)
    {
        var isSecret = name == WebhookSettings.SecretHeader;
        var sent = real.GetValueOrDefault(name) ?? (isSecret ? real.GetValueOrDefault(WebhookSettings.JwtHeader) : null);
        if (sent is not null && sent == value && value.Length > 0) return null;
        var @is = sent is null ? "missing"
            : value.Length == 0 ? "a value, but the tenant has no secret yet"
            : isSecret && sent == previousSecret ? "the tenant's previous secret"
            : "another value";
        return new($"headers.{name}", @is, isSecret ? "the tenant's current secret" : "its own value");
    }

    private static string Word(bool value) => value ? "true" : "false";

    // An empty list means every event to Evolution.
    private static string Words(IReadOnlyList<string> events) => events.Count == 0 ? "every event" : string.Join(", ", events.Order(StringComparer.Ordinal));
}
