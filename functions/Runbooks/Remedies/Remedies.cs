using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>The rules of acting without being asked.</summary>
internal static class Remedies
{
    /// <summary>The kind's own policy, else that of <c>*</c>, else observe.</summary>
    public static Policy PolicyFor(FleetSystem system, string kind) =>
        system.Policies.TryGetValue(kind, out var own) ? own : system.Policies.GetValueOrDefault("*", Policy.Observe);

    /// <summary>The same kind of trouble at the same place and about the same subject, whatever the number of its finding.</summary>
    public static string Fingerprint(Finding finding) =>
        string.Join('/', finding.Kind, finding.System, finding.Gateway ?? "-", finding.Tenant ?? "-", finding.Instance ?? "-") + (finding.Subject is null ? "" : "/" + finding.Subject);

    /// <summary>How long after the last attempt the next may follow: growing for what policy auto repeats by itself and costs nothing, the full time else.</summary>
    /// <param name="unasked">Whether it would start by itself.</param>
    public static TimeSpan Cooldown(bool unasked, RecentAttempts attempts, RunbookPatience patience)
    {
        if (!unasked || attempts.LastWasDestructive) return patience.RemedyCooldown;
        var grown = patience.FirstCooldown * Math.Pow(2, Math.Clamp(attempts.Count - 1, 0, 20));
        return grown < patience.RemedyCooldown ? grown : patience.RemedyCooldown;
    }

    /// <summary>Gateways with an incident of their own. What their instances show is its consequence: n repairs at once would only add to the load.</summary>
    public static IReadOnlySet<string> SickGateways(IEnumerable<Finding> findings, DateTimeOffset freshSince) => findings
        .Where(finding => finding is { Tenant: null, Gateway: not null, Kind: "gateway_unreachable" or "gateway_unauthorized" or "gateway_degraded" } && finding.LastSeenAt >= freshSince)
        .Select(finding => finding.Gateway!).ToHashSet(StringComparer.Ordinal);
}
