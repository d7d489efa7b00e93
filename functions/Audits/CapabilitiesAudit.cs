using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>
/// Which optional endpoints every gateway, and every product that is watched, has (R-422). Every day, so that an upgrade is looked at within a day; what is absent is a finding only where
/// something that is configured needs it, but it is never called healthy.
/// </summary>
internal sealed class CapabilitiesAudit(AuditDesk desk, ICapabilityProbe probe, ProductEndpointLook products) : IRoutine
{
    public string Name => "capabilities";

    public string Summary => "Which optional endpoints every gateway and product has: available, absent, or refusing the key.";

    public string DefaultSchedule => "45 6 * * *";

    public bool AppliesTo(FleetSystem system) => system.TenantDirectory is not null || system.Gateways.Count > 0 || ProductEndpoints.AddressesOf(system).Count > 0;

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) => desk.AuditAsync(
        Name, call.System, withGateways: true, (scene, sheet) => JudgeAsync(scene, sheet, cancellation), cancellation);

    private async Task<string> JudgeAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        foreach (var gateway in scene.Gateways.Where(gateway => gateway.IsListed))
        {
            // An instance in memory: of one that is not, every endpoint says that there is nothing.
            var instance = gateway.Instances.Values.OrderByDescending(candidate => candidate.State == InstanceState.Open).ThenBy(candidate => candidate.Name, StringComparer.Ordinal).FirstOrDefault()?.Name;
            if (instance is null) sheet.CannotSee("instance", $"the endpoints of instances of {gateway.Name} are not probed", "It needs an instance to ask about.", Severity.Info, gateway.Name);
            foreach (var capability in await probe.ProbeAsync(scene.System, gateway.Endpoint, instance, cancellation)) Judge(scene, sheet, gateway, capability);
        }

        var missing = sheet.Findings.Count;
        var news = await products.AskAsync(Name, scene, sheet, cancellation);
        var gone = sheet.Findings.Count - missing;
        return $"{scene.Gateways.Count} gateways, {sheet.Rows.Count(row => row.Status == "available")} endpoints available, {sheet.Rows.Count(row => row.Status == "absent")} absent, {missing} of them needed, {gone} gone.{news}";
    }

    private static void Judge(AuditScene scene, AuditSheet sheet, GatewayView gateway, Capability capability)
    {
        var status = CapabilityRules.Word(capability.Outcome);
        var version = gateway.Probe?.Value?.Version ?? "unknown version";
        sheet.Add(new(null, status, $"{capability.Name} ({capability.Endpoint}) on {version}{(capability.Detail is null ? "" : $": {capability.Detail}")}") { Gateway = gateway.Name });
        if (capability.Outcome == Outcome.Unreachable) sheet.Unfinished(gateway.Name, $"{capability.Name}: {capability.Detail}");
        else if (capability.Outcome != Outcome.Seen && CapabilityRules.NeededFor(scene.System, capability.Name) is { } purpose)
            sheet.Find("capability_missing", Severity.Low, gateway.Name, null, null,
                $"Gateway {gateway.Name} ({version}) has no {capability.Endpoint} for us ({status}), so {purpose}.", subject: capability.Name,
                evidence: [("capability", capability.Name), ("status", status), ("version", version), ("detail", capability.Detail)]);
    }
}
