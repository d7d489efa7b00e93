using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>Every gateway's version against the list of those that are known to be bad.</summary>
internal sealed class GatewayVersionsAudit(AuditDesk desk) : IRoutine
{
    public string Name => "gateway-versions";

    public string Summary => "Whether a gateway runs a version that is known to be bad.";

    public string DefaultSchedule => "45 7 * * 1";

    // The list is of Evolution's versions.
    public bool AppliesTo(FleetSystem system) => system is { Kind: SystemKinds.Evolution, TenantDirectory: not null };

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) => desk.AuditAsync(
        Name, call.System, withGateways: true, (scene, sheet) => Task.FromResult(Judge(scene, sheet)), cancellation);

    private static string Judge(AuditScene scene, AuditSheet sheet)
    {
        foreach (var gateway in scene.Gateways)
        {
            if (gateway.Probe?.Value?.Version is not { } version)
            {
                if (gateway.IsListed) sheet.Unfinished(gateway.Name, $"version: {gateway.Probe?.Detail ?? "no answer"}");
                sheet.Add(new(null, "unknown", "its version was not seen") { Gateway = gateway.Name });
                continue;
            }

            if (KnownVersions.Of(version) is not { } known)
            {
                sheet.CannotSee("version", $"nothing is known of gateway {gateway.Name}, which calls itself {version}", "Run a released version.", Severity.Medium, gateway.Name);
                sheet.Add(new(null, "unknown", $"{version} is no version number") { Gateway = gateway.Name });
                continue;
            }

            sheet.Add(new(null, known is [] ? "ok" : "known_bad", known is [] ? version : $"{version} {string.Join("; it ", known.Select(entry => entry.What))}") { Gateway = gateway.Name });
            foreach (var entry in known)
                sheet.Find("gateway_version_known_bad", entry.Severity, gateway.Name, null, null, $"Version {version} of gateway {gateway.Name} {entry.What}. Upgrade to {entry.FixedIn}.",
                    subject: entry.Id, evidence: [("version", version), ("entry", entry.Id), ("area", entry.Area), ("fixed_in", entry.FixedIn)]);
        }

        return $"{scene.Gateways.Count} gateways, {sheet.Rows.Count(row => row.Status == "known_bad")} on a version that is known to be bad.";
    }
}
