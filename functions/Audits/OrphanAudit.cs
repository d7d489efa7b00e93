using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>
/// What belongs to nobody, in three places: rows without a tenant (R-052), instances without a tenant (R-089), session keys in Redis without an
/// instance. Finds only; what may be deleted has stood in quarantine, and a runbook deletes it.
/// </summary>
internal sealed class OrphanAudit(AuditDesk desk, ProductRows rows, IOrphanStore orphans, ISessionKeys sessions, IFleet fleet) : IRoutine
{
    private const int NamesInEvidence = 50;

    public string Name => "orphans";

    public string Summary => "What belongs to nobody: rows, instances, and session keys in Redis.";

    public string DefaultSchedule => "0 7 * * 1";

    public bool AppliesTo(FleetSystem system) => system.TenantDirectory is not null && SystemKinds.SendsWebhooks(system.Kind);

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) => desk.AuditAsync(
        Name, call.System, withGateways: true, (scene, sheet) => JudgeAsync(scene, sheet, cancellation), cancellation);

    private async Task<string> JudgeAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        await RowsAsync(scene, sheet, cancellation);
        foreach (var gateway in scene.Gateways.Where(gateway => gateway.IsListed)) await InstancesAsync(scene, sheet, gateway, cancellation);
        await SessionsAsync(scene, sheet, cancellation);
        int Count(string kind) => sheet.Findings.Count(finding => finding.Kind == kind);
        return $"{Count("orphan_integration")} rows, {Count("orphan_instance")} instances and {sheet.Rows.Count(row => row.Status == "orphan_session")} session keys belong to nobody.";
    }

    private async Task RowsAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        if (await rows.ReadAsync(scene, sheet, cancellation) is not { } all) return;
        if (all.TenantCount == 0 || all.IsFiltered)
        {
            // A tenant that this role may not see looks exactly like one that is gone.
            sheet.CannotSee("tenants", all.TenantCount == 0 ? "every row would look like nobody's" : "row level security may hide tenants, and a hidden one looks like one that is gone",
                "Look at tenantDirectory, and give WhatsOps' role BYPASSRLS or a policy of its own.", Severity.Medium);
            sheet.Unfinished(null, "rows without a tenant");
            return;
        }

        foreach (var row in all.Rows.Where(row => row.Slug is null))
        {
            sheet.Add(new(null, "orphan_row", $"row {row.Id} of tenant_integrations has no tenant") { Instance = row.InstanceName });
            sheet.Find("orphan_integration", row.IsActive ? Severity.Medium : Severity.Low, null, null, row.InstanceName,
                $"Row {row.Id} of tenant_integrations belongs to a tenant that does not exist{(row.IsActive ? ", and is active" : "")}.", subject: row.Id, evidence: [("row", row.Id), ("instance_name", row.InstanceName)]);
        }
    }

    private async Task InstancesAsync(AuditScene scene, AuditSheet sheet, GatewayView gateway, CancellationToken cancellation)
    {
        var systems = (await fleet.CurrentAsync(cancellation))?.Document.Systems ?? [];
        var found = Orphans.Of(scene.System, gateway.Instances.Keys, [.. scene.Tenants], [.. systems]);
        if (found.Doubt is { } doubt)
        {
            sheet.CannotSee("orphan_instances", $"instances of {gateway.Name} that are nobody's are not told ({doubt.TrimEnd('.')})", "Look at tenantDirectory and instancePrefix.", Severity.Medium, gateway.Name);
            sheet.Unfinished(gateway.Name, "instances without a tenant");
            return;
        }

        await orphans.RecordAsync(scene.System.Name, gateway.Name, found.Names, scene.StartedAt, cancellation);
        foreach (var sighting in await orphans.ListAsync(scene.System.Name, gateway.Name, cancellation))
        {
            var since = sighting.FirstSeen.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);
            var state = States.Name(gateway.Instances.GetValueOrDefault(sighting.Instance)?.State);
            sheet.Add(new(null, "orphan_instance", $"{state}, nobody's since {since}") { Gateway = gateway.Name, Instance = sighting.Instance });
            sheet.Find("orphan_instance", state == "open" ? Severity.Medium : Severity.Low, gateway.Name, null, sighting.Instance,
                $"Instance {sighting.Instance} is on gateway {gateway.Name} ({state}) and belongs to no tenant since {since}. clean-orphans deletes it after {scene.System.Thresholds.OrphanQuarantineDays} days of that.",
                evidence: [("state", state), ("since", since), ("quarantine_days", scene.System.Thresholds.OrphanQuarantineDays.ToString(CultureInfo.InvariantCulture))]);
        }
    }

    private async Task SessionsAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        if (scene.System.Redis is not { } redis)
        {
            sheet.CannotSee("redis", "session keys that no instance owns are not seen", "Name the gateways' Redis in the fleet file, if they save instances there.");
            return;
        }

        Observation<IReadOnlyList<string>> seen;
        try
        {
            seen = await sessions.InstanceIdsAsync(redis, cancellation);
        }
        catch (MissingSecretException missing)
        {
            sheet.CannotSee("redis", "session keys that no instance owns are not seen", missing.Message, Severity.Medium);
            sheet.Unfinished(null, "session keys");
            return;
        }

        if (!seen.IsSeen) sheet.Unfinished(null, $"session keys: {seen.Detail}");
        if (seen.Value is not { Count: > 0 } ids) return;
        // Another system may keep its sessions in the same Redis: with one gateway unseen, or instances of strangers, nobody's cannot be told from somebody's.
        var shares = (await fleet.CurrentAsync(cancellation))?.Document.Systems.Count(system => system.Redis is { } other && other == redis) > 1;
        var known = scene.Gateways.SelectMany(gateway => gateway.Instances.Values).Select(instance => instance.InstanceId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (!scene.Placement.IsCertain || known.Count == 0 || shares)
        {
            sheet.Unfinished(null, shares ? "session keys: another system keeps its own in the same Redis" : "session keys: not every gateway told its instances");
            return;
        }

        string[] nobodys = [.. ids.Where(id => !known.Contains(id))];
        foreach (var id in nobodys.Take(NamesInEvidence)) sheet.Add(new(null, "orphan_session", $"{redis.Prefix}:instance:{id}"));
        if (nobodys.Length > 0)
            sheet.Find("orphan_session_keys", Severity.Low, null, null, null,
                $"{nobodys.Length} of {ids.Count} session keys in Redis belong to no instance: leftovers that bring a deleted session back, or fill the memory until their week is over.",
                evidence: [("orphans", nobodys.Length.ToString(CultureInfo.InvariantCulture)), ("keys", ids.Count.ToString(CultureInfo.InvariantCulture)), ("instance_ids", string.Join(", ", nobodys.Take(NamesInEvidence)))]);
    }
}
