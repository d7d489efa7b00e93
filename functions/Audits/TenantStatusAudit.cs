using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>Every tenant with the age and the switch of its integration (R-040, R-115).</summary>
internal sealed class TenantStatusAudit(AuditDesk desk, TimeProvider time) : IRoutine
{
    public string Name => "tenant-status";

    public string Summary => "Which tenants' integrations are active, inactive, or stale.";

    public string DefaultSchedule => "0 8 * * *";

    // TaktChat touches a connection's row when its state changes: an old one is a quiet one.
    public bool AppliesTo(FleetSystem system) => system.TenantDirectory is { Kind: not SystemKinds.TaktChat };

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) =>
        desk.AuditAsync(Name, call.System, withGateways: false, (scene, sheet) => Task.FromResult(Judge(scene, sheet)), cancellation);

    private string Judge(AuditScene scene, AuditSheet sheet)
    {
        var now = time.GetUtcNow();
        var hours = scene.System.Thresholds.StaleHours;
        var undated = 0;
        foreach (var tenant in scene.Tenants)
        {
            var age = TenantStatusRules.Of(tenant.Integration, scene.System.Thresholds, now);
            var updated = tenant.Integration?.UpdatedAt?.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);
            if (tenant.Integration is { UpdatedAt: null }) undated++;
            sheet.Add(new(tenant.Slug, age.ToString().ToLowerInvariant(), Detail(tenant, updated)) { Instance = tenant.Integration?.InstanceName });
            // A row that is switched off, or of a tenant that is, may rest.
            if (age == IntegrationAge.Stale && tenant is { IsActive: true, Integration.IsActive: true })
                sheet.Find("integration_stale", Severity.Low, null, tenant.Slug, scene.InstanceOf(tenant),
                    $"The product has not touched the integration row of {tenant.Slug} since {updated}, longer than {hours} hours: its status page shows old news.",
                    evidence: [("updated_at", updated), ("threshold_hours", hours.ToString(CultureInfo.InvariantCulture))]);
        }

        if (undated > 0)
            sheet.CannotSee("tenant_integrations.updated_at", $"stale rows are not seen ({undated} rows have no time)", "Add the column with a default of now() and a trigger, or accept this.");
        return Counts(sheet.Rows);
    }

    private static string Detail(Tenant tenant, string? updated) => string.Concat(
        tenant.IsActive ? "" : "tenant inactive; ",
        tenant.Integration is null ? "no WhatsApp integration" : $"integration {(tenant.Integration.IsActive ? "active" : "inactive")}, last updated {updated ?? "at an unknown time"}");

    private static string Counts(IReadOnlyList<AuditRow> rows) =>
        $"{rows.Count} tenants: {string.Join(", ", rows.GroupBy(row => row.Status).OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => $"{same.Count()} {same.Key}"))}.";
}
