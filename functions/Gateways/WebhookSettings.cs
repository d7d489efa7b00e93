namespace WhatsOps.Gateways;

/// <summary>Where a gateway sends an instance's events. Headers carry the tenant's secret: never print them.</summary>
public sealed record WebhookSettings(bool Enabled, string Url, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<string> Events, bool ByEvents, bool Base64)
{
    /// <summary>Carries the tenant's secret to the receiver.</summary>
    public const string SecretHeader = "x-whatsops-secret";

    /// <summary>Evolution makes a signed JWT of a header of this name; the receiver takes that as proof, too.</summary>
    public const string JwtHeader = "jwt_key";

    /// <summary>For evidence, and so without keys.</summary>
    public override string ToString() => $"{(Enabled ? "enabled" : "disabled")} {Address} ({Events.Count} events)";

    /// <summary>The URL as it may be shown: user, query and fragment are left out, since products put keys there (<c>?code=…</c>).</summary>
    public string Address => Uri.TryCreate(Url, UriKind.Absolute, out var url)
        ? url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + (url.Query.Length > 0 ? "?…" : "")
        : "an address that is no URL";
}
