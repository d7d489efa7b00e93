using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>What the product's own row says wrongly about an active tenant's WhatsApp (R-093, R-094 corrected).</summary>
internal static class IntegrationRules
{
    /// <param name="expected">The exact instance name: prefix + slug.</param>
    /// <param name="lastSeenOpen">Now, when the gateway lists it open.</param>
    /// <param name="owners">Exact instance name → slug, of every tenant: a name that is somebody else's is worse than a typo.</param>
    public static IEnumerable<ObservedFinding> Judge(
        string system, Tenant tenant, string? gateway, string expected, bool isOpenNow, DateTimeOffset? lastSeenOpen,
        IReadOnlyDictionary<string, string> owners, SystemThresholds thresholds, DateTimeOffset now)
    {
        if (tenant.Integration is not { } integration) yield break;

        ObservedFinding Finding(string kind, Severity severity, string cause, string? remedy, params (string, string?)[] evidence) =>
            new(kind, Checks.Integrations, system, gateway, tenant.Slug, expected, severity, cause, Evidence.Of(evidence), remedy);

        // The product's page writes is_active=false on every disconnect, so "inactive" alone is no proof that nobody wants it.
        if (!integration.IsActive && lastSeenOpen is { } open && now - open <= TimeSpan.FromDays(thresholds.InactiveSeenOpenDays))
            yield return isOpenNow
                ? Finding("integration_inactive_seen_open", Severity.Medium,
                    "The product has the integration switched off although WhatsApp is connected: its messages are not sent.", null, ("is_active", "false"), ("state", "open"))
                : Finding("integration_inactive_seen_open", Severity.High,
                    string.Create(CultureInfo.InvariantCulture, $"The product marked the integration inactive, but it was connected until {open:yyyy-MM-dd HH:mm} UTC: this is an outage, not a choice. If it was a choice, accept the finding."),
                    null, ("is_active", "false"), ("last_seen_open", open.ToString("u", CultureInfo.InvariantCulture)));

        if (!integration.IsActive) yield break;
        if (string.IsNullOrWhiteSpace(integration.InstanceName))
            yield return Finding("integration_without_instance_name", Severity.Medium,
                $"The product's row has no instance name; {expected} is expected.", Remedies.SaveIntegration, ("expected", expected));
        else if (integration.InstanceName != expected)
        {
            var owner = owners.GetValueOrDefault(integration.InstanceName);
            yield return Finding("instance_name_mismatch", owner is null ? Severity.Medium : Severity.Critical,
                owner is null
                    ? $"The product's row names instance {integration.InstanceName}; {expected} is expected."
                    : $"The product's row names instance {integration.InstanceName}, which is tenant {owner}'s: messages would leave from another customer's number.",
                // Another tenant's instance is not to be touched, and where the right one is open nothing but the row is wrong.
                owner is null && !isOpenNow ? Remedies.FixIsolation : Remedies.SaveIntegration, ("configured", integration.InstanceName), ("expected", expected), ("owner", owner));
        }
    }
}
