using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>Whether the product's data agrees with itself and with the gateways .</summary>
internal sealed class DataIntegrityAudit(AuditDesk desk, ProductRows rows) : IRoutine
{
    public string Name => "data-integrity";

    public string Summary => "Whether the product's rows agree with themselves and with the gateways.";

    public string DefaultSchedule => "15 7 * * 1";

    public bool AppliesTo(FleetSystem system) => system.TenantDirectory is not null;

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) => desk.AuditAsync(
        Name, call.System, withGateways: true, (scene, sheet) => JudgeAsync(scene, sheet, cancellation), cancellation);

    private async Task<string> JudgeAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        var violations = new List<IntegrityViolation>([.. IntegrityRules.OfSlugs(scene.Tenants), .. IntegrityRules.OfGateways(scene)]);
        if (!scene.Placement.IsCertain) sheet.Unfinished(null, "instances of a gateway that is not listed are not compared with the rows");
        if (await rows.ReadAsync(scene, sheet, cancellation) is { } all) violations.AddRange(IntegrityRules.OfRows(all.Rows));
        foreach (var violation in violations)
            sheet.Find("data_integrity_violation", violation.Severity, null, violation.Slug, scene.System.InstancePrefix + violation.Slug, violation.Cause, null, violation.Rule, ("rule", violation.Rule));
        var byTenant = violations.ToLookup(violation => violation.Slug, StringComparer.Ordinal);
        foreach (var tenant in scene.Tenants)
            sheet.Add(byTenant[tenant.Slug].Any()
                ? new(tenant.Slug, byTenant[tenant.Slug].MaxBy(violation => violation.Severity)!.Rule, string.Join(" ", byTenant[tenant.Slug].Select(violation => violation.Cause)))
                : new(tenant.Slug, "ok", "agrees"));
        return $"{scene.Tenants.Count} tenants, {violations.Count} contradictions.";
    }
}
