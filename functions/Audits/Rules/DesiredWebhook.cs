using WhatsOps.Events;
using WhatsOps.Fleet;

namespace WhatsOps.Audits;

/// <summary>The webhook that a tenant's instance should have: every event that the fleet file asks for, to this tenant's address, with its secret.</summary>
/// <param name="Secret">Null: the tenant has none yet.</param>
/// <param name="CanHaveHeaders">False on 1.x, which sends webhooks without headers; null when the version is not known.</param>
internal sealed record DesiredWebhook(string Url, IReadOnlyList<string> Events, TenantWebhookSecret? Secret, bool? CanHaveHeaders)
{
    /// <summary>Evolution makes a signed JWT of a header of this name; the receiver takes that as proof, too.</summary>
    public const string JwtHeader = "jwt_key";

    public static string SecretHeader => WebhookProof.SecretHeader;
}
