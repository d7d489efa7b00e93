using System.Globalization;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>
/// Whether customers are kept apart (R-067…R-069, R-109, R-119): names, shared instances, traffic at the wrong door, keys in clear, and, where two
/// test instances are named, an attempt to break in.
/// </summary>
internal sealed class IsolationAudit(AuditDesk desk, ProductRows rows, EventTraffic traffic, IFindings findings, IIsolationTest test, TimeProvider time) : IRoutine
{
    private const string ForeignKind = "tenant_isolation_slug_mismatch";
    private const int NamesInEvidence = 50;
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public string Name => "isolation";

    public string Summary => "Whether customers are kept apart: names, shared instances, foreign traffic, keys, and an attempt to break in.";

    public string DefaultSchedule => "0 6 * * *";

    public bool AppliesTo(FleetSystem system) => system.TenantDirectory is not null;

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) => desk.AuditAsync(
        Name, call.System, withGateways: true, (scene, sheet) => JudgeAsync(scene, sheet, cancellation), cancellation);

    private async Task<string> JudgeAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        Names(scene, sheet);
        await RowsAsync(scene, sheet, cancellation);
        Doubled(scene, sheet);
        await TrafficAsync(scene, sheet, cancellation);
        foreach (var gateway in scene.Gateways) await BreakInAsync(scene, sheet, gateway, cancellation);
        var bad = sheet.Rows.Count(row => row.Status is not ("ok" or "none" or "held"));
        return $"{scene.Tenants.Count} tenants: {(bad == 0 ? "kept apart" : $"{bad} violations")}.";
    }

    // Who is accused of a name: the sweep for active integrations (instance_name_mismatch), the naming audit for the rest. Here they are counted.
    private static void Names(AuditScene scene, AuditSheet sheet)
    {
        foreach (var tenant in scene.Tenants)
        {
            if (tenant.Integration is not { } integration)
            {
                sheet.Add(new(tenant.Slug, "none", "no WhatsApp integration"));
                continue;
            }

            var verdict = NamingRules.Judge(scene.System.InstancePrefix, tenant.Slug, integration.InstanceName, scene.Product.Owners);
            var owner = integration.InstanceName is { } name ? scene.Product.Owners.GetValueOrDefault(name) : null;
            // A slug without its prefix is also a name without the prefix: one violation, not two (R-067, R-068).
            var word = verdict == NameVerdict.BareSlug ? NamingRules.Word(NameVerdict.InvalidPrefix) : NamingRules.Word(verdict);
            sheet.Add(new(tenant.Slug, word, NamingRules.Cause(verdict, integration.InstanceName, scene.InstanceOf(tenant), owner)) { Instance = integration.InstanceName });
        }
    }

    private async Task RowsAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        if (await rows.ReadAsync(scene, sheet, cancellation) is not { } all) return;
        foreach (var (instance, tenants) in IsolationRules.Shared(all.Rows))
        {
            var cause = $"The active rows of {string.Join(", ", tenants)} name one instance, {instance}: their messages leave from the same number.";
            sheet.Add(new(null, "shared_instance", cause) { Instance = instance });
            sheet.Find("instance_shared_by_tenants", Severity.Critical, null, null, instance, cause, evidence: [("tenants", Names(tenants))]);
        }

        string[] keyed = [.. all.Rows.Where(row => row is { HasApiKey: true, Slug: not null }).Select(row => row.Slug!).Distinct(StringComparer.Ordinal)];
        if (keyed.Length == 0) return;
        // One finding: it is one habit of the product, and one migration ends it.
        sheet.Add(new(null, "key_in_clear", $"{keyed.Length} tenants' rows hold a gateway key in clear"));
        sheet.Find("gateway_key_in_clear", Severity.Medium, null, null, null,
            $"{keyed.Length} rows of tenant_integrations hold a gateway key in clear (config.api_key): whoever reads one row commands every customer's WhatsApp. Remove it from config and rotate the key.",
            evidence: [("rows", keyed.Length.ToString(CultureInfo.InvariantCulture)), ("tenants", Names(keyed))]);
    }

    private static void Doubled(AuditScene scene, AuditSheet sheet)
    {
        if (!scene.Placement.IsCertain) sheet.Unfinished(null, "an instance on two gateways is not seen while one of them is not listed");
        foreach (var (instance, gateways, open) in IsolationRules.Doubled(scene.System.InstancePrefix, scene.Gateways))
        {
            var cause = $"{instance} is on {string.Join(" and ", gateways)}{(open > 1 ? ", open on both: messages may be answered twice" : ": left over from a move, or made twice")}.";
            sheet.Add(new(null, "two_gateways", cause) { Instance = instance });
            sheet.Find("instance_on_two_gateways", open > 1 ? Severity.High : Severity.Medium, null, null, instance, cause,
                evidence: [("gateways", string.Join(", ", gateways)), ("open", open.ToString(CultureInfo.InvariantCulture))]);
        }
    }

    private async Task TrafficAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        var closed = (await findings.ListAsync(new FindingQuery(scene.System.Name, Kind: ForeignKind, IncludeClosed: true, Limit: 1000), cancellation)).Where(finding => finding.ClosedAt is not null)
            .GroupBy(finding => (finding.Tenant, finding.Instance)).ToDictionary(same => same.Key, same => same.Max(finding => finding.ClosedAt));
        foreach (var seen in await traffic.ForeignAsync(scene.System.Name, time.GetUtcNow() - Window, cancellation))
        {
            var cause = $"The webhook of tenant {seen.Tenant} delivers events of instance {seen.Instance}, which is not its own: two customers' messages may be mixed up.";
            sheet.Add(new(seen.Tenant, "foreign_traffic", $"{seen.Count} events of {seen.Instance} within {Window.TotalHours:0} hours, the last at {seen.LastAt:u}") { Instance = seen.Instance });
            // The receiver tells at once; whoever closed that finding has dealt with what came before.
            if (closed.GetValueOrDefault((seen.Tenant, seen.Instance)) is { } dealt && dealt >= seen.LastAt) continue;
            sheet.Find(ForeignKind, Severity.Critical, null, seen.Tenant, seen.Instance, cause,
                evidence: [("events", seen.Count.ToString(CultureInfo.InvariantCulture)), ("last_event_at", seen.LastAt.ToString("u", CultureInfo.InvariantCulture))]);
        }
    }

    private async Task BreakInAsync(AuditScene scene, AuditSheet sheet, GatewayView gateway, CancellationToken cancellation)
    {
        if (scene.System.IsolationTest is not { Instances: [var first, var second] } || !gateway.IsListed) return;
        // The pair lives on one gateway; on the others there is nothing to try.
        if (!gateway.Instances.ContainsKey(first) && !gateway.Instances.ContainsKey(second) && scene.Gateways.Count > 1) return;
        var tried = await test.TryAsync(scene.System, gateway.Endpoint, first, second, cancellation);
        if (tried.Outcome == Outcome.Absent)
            sheet.CannotSee("isolationTest", $"nobody tries to break in on {gateway.Name} ({tried.Detail})", "Make both test instances, with different tokens.", Severity.Low, gateway.Name);
        if (tried.Outcome is Outcome.Unauthorized or Outcome.Unreachable) sheet.Unfinished(gateway.Name, $"the attempt to break in: {tried.Detail}");
        if (tried.Value is not { } open) return;
        sheet.Add(new(null, open.Count == 0 ? "held" : "broken_in", open.Count == 0 ? $"{first} and {second} cannot read each other" : string.Join("; ", open)) { Gateway = gateway.Name });
        if (open.Count > 0)
            sheet.Find("tenant_isolation_bypass", Severity.Critical, gateway.Name, null, null,
                $"On gateway {gateway.Name} the token of one instance reads another: every customer can read every other (CWE-639). Upgrade the gateway; until then give no token out of your hands.",
                evidence: [.. open.Select((way, i) => ($"way_{i + 1}", (string?)way))]);
    }

    private static string Names(IReadOnlyCollection<string> tenants) =>
        string.Join(", ", tenants.Take(NamesInEvidence)) + (tenants.Count > NamesInEvidence ? $" and {tenants.Count - NamesInEvidence} more" : "");
}
