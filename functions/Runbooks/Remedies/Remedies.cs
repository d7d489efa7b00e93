using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>The rules of acting without being asked.</summary>
internal static class Remedies
{
    /// <summary>The kind's own policy, else that of <c>*</c>, else observe.</summary>
    public static Policy PolicyFor(FleetSystem system, string kind) =>
        system.Policies.TryGetValue(kind, out var own) ? own : system.Policies.GetValueOrDefault("*", Policy.Observe);

    /// <summary>The same place and kind of trouble, whatever the number of its finding.</summary>
    public static string Fingerprint(Finding finding) =>
        string.Join('/', finding.Kind, finding.System, finding.Gateway ?? "-", finding.Tenant ?? "-", finding.Instance ?? "-");
}
