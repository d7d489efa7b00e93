using System.Text.Json.Serialization;

namespace WhatsOps.Runbooks;

/// <summary>Whom a run acts on: exact names, frozen when it is planned.</summary>
/// <param name="WebhookUrl">Where the tenant's events shall go; null leaves the webhook as it was found.</param>
public sealed record RunTarget(string System, string Tenant, string Instance, string Gateway, string? WebhookUrl)
{
    /// <summary>The gateway's address when the plan was made: an approval is for that one, whatever the fleet file calls so later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? GatewayUrl { get; init; }

    /// <summary>What the runbook's own <see cref="Runbook.Parameters"/> ask beyond the place, as given, secret ones masked; null for none. No secrets: it is part of the plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>The parameters that are secret, in clear: until the run is opened only. Never part of the plan, which has them masked.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string>? Secrets { get; init; }

    /// <summary>What was seen when the run was planned and its approval is to hold: differences, names. Null: nothing was looked at. No secrets: it is part of the plan.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Facts { get; init; }

    /// <summary>The instance that stands for a whole gateway in runs that concern no tenant; no gateway could have one of that name behind a prefix.</summary>
    public static string WholeGateway(string gateway) => $"@{gateway}";

    /// <summary>The instance, and the gateway, of a run that concerns a whole system.</summary>
    public const string WholeSystem = "@";

    /// <summary>The tenant of a run that concerns no tenant.</summary>
    public const string NoTenant = "*";
}
