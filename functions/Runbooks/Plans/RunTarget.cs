using System.Text.Json.Serialization;

namespace WhatsOps.Runbooks;

/// <summary>Whom a run acts on: exact names, frozen when it is planned.</summary>
/// <param name="WebhookUrl">Where the tenant's events shall go; null leaves the webhook as it was found.</param>
public sealed record RunTarget(string System, string Tenant, string Instance, string Gateway, string? WebhookUrl)
{
    /// <summary>The gateway's address when the plan was made: an approval is for that one, whatever the fleet file calls so later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GatewayUrl { get; init; }
}
