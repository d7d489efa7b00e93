using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>
/// Every tenant's instance name against prefix + slug (R-041). The sweep accuses active integrations within minutes (instance_name_mismatch), so a
/// finding is opened here only for the rows that it does not judge.
/// </summary>
internal sealed class NamingAudit(AuditDesk desk) : IRoutine
{
    public string Name => "naming";

    public string Summary => "Whether every tenant's instance is named prefix + slug.";

    public string DefaultSchedule => "0 8 * * *";

    public bool AppliesTo(FleetSystem system) => system.TenantDirectory is not null;

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) =>
        desk.AuditAsync(Name, call.System, withGateways: false, (scene, sheet) => Task.FromResult(Judge(scene, sheet)), cancellation);

    private static string Judge(AuditScene scene, AuditSheet sheet)
    {
        foreach (var tenant in scene.Tenants.Where(tenant => tenant.Integration is not null)) Judge(scene, sheet, tenant, tenant.Integration!);
        var wrong = sheet.Rows.Count(row => row.Status != "ok");
        return $"{sheet.Rows.Count} integrations, {(wrong == 0 ? "all named as they should be" : $"{wrong} not named as they should be")}.";
    }

    private static void Judge(AuditScene scene, AuditSheet sheet, Tenant tenant, TenantIntegration integration)
    {
        var expected = scene.InstanceOf(tenant);
        var verdict = NamingRules.Judge(scene.System.InstancePrefix, tenant.Slug, integration.InstanceName, scene.Product.Owners);
        var cause = NamingRules.Cause(verdict, integration.InstanceName, expected, integration.InstanceName is { } name ? scene.Product.Owners.GetValueOrDefault(name) : null);
        sheet.Add(new(tenant.Slug, NamingRules.Word(verdict), cause)
        {
            Instance = integration.InstanceName,
            Differences = verdict == NameVerdict.Exact ? [] : [new("config.instance_name", integration.InstanceName ?? "none", expected)],
        });
        if (verdict == NameVerdict.Exact || tenant.IsActive && integration.IsActive) return;
        sheet.Find("naming_violation", verdict == NameVerdict.OtherTenants ? Severity.Medium : Severity.Low, null, tenant.Slug, expected,
            $"{cause} The {(tenant.IsActive ? "integration" : "tenant")} is inactive; it would go wrong on activation.",
            evidence: [("configured", integration.InstanceName ?? "none"), ("expected", expected), ("verdict", NamingRules.Word(verdict))]);
    }
}
