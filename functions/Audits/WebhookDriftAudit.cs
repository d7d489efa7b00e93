using System.Globalization;
using WhatsOps.Events;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>
/// Every active tenant's webhook against what it should be, by the gateway's own truth (R-042: the product never writes config.webhook_url), and
/// whether events really arrive (R-044, R-117).
/// </summary>
internal sealed class WebhookDriftAudit(AuditDesk desk, ITenantSecrets secrets, IInstanceStates states, TimeProvider time) : IRoutine
{
    public string Name => "webhook-drift";

    public string Summary => "Whether every instance's webhook is set as it should be, and whether events arrive.";

    public string DefaultSchedule => "30 6 * * *";

    public bool AppliesTo(FleetSystem system) => system.TenantDirectory is not null && SystemKinds.SendsWebhooks(system.Kind);

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) => desk.AuditAsync(
        Name, call.System, withGateways: true, async (scene, sheet) => await JudgeAsync(scene, sheet, await SystemMemory.RecallAsync(states, scene.System, time.GetUtcNow(), cancellation), cancellation), cancellation);

    private async Task<string> JudgeAsync(AuditScene scene, AuditSheet sheet, SystemMemory memory, CancellationToken cancellation)
    {
        var wanted = scene.Tenants.Where(tenant => tenant is { IsActive: true, Integration.IsActive: true }).ToArray();
        var places = wanted.ToLookup(scene.Placement.Of);
        foreach (var tenant in places[null]) sheet.Add(new(tenant.Slug, "unknown", "its gateway cannot be told") { Instance = scene.InstanceOf(tenant) });
        // Who left one gateway and is not seen on another may be in trouble still.
        if (places[null].Any() && !scene.Placement.IsCertain)
            foreach (var gateway in scene.Gateways) sheet.Unfinished(gateway.Name, "a tenant may be on a gateway that cannot be listed");
        if (scene.System.Webhook.BaseUrl is null)
            sheet.CannotSee("webhook.baseUrl", "what the webhooks should be is not known", "Write the receiver's public address into the fleet file.");
        foreach (var gateway in scene.Gateways) await JudgeAsync(scene, sheet, gateway, [.. places[gateway]], memory, cancellation);
        var drifted = sheet.Rows.Count(row => row.Status is "drift");
        return $"{wanted.Length} active tenants: {drifted} webhooks differ, {sheet.Findings.Count(finding => finding.Kind == "webhook_silent")} are silent.";
    }

    private async Task JudgeAsync(AuditScene scene, AuditSheet sheet, GatewayView gateway, Tenant[] tenants, SystemMemory memory, CancellationToken cancellation)
    {
        if (!gateway.IsListed)
        {
            foreach (var tenant in tenants) sheet.Add(new(tenant.Slug, "unknown", "its gateway was not seen") { Gateway = gateway.Name, Instance = scene.InstanceOf(tenant) });
            return;
        }

        bool? canHaveHeaders = gateway.Probe?.Value is { } health ? !health.Version.StartsWith("1.", StringComparison.Ordinal) : null;
        if (canHaveHeaders == false)
            sheet.CannotSee("webhook.headers", $"nothing proves that an event of {gateway.Name} is a tenant's (Evolution 1.x sends no headers)", "Upgrade the gateway to 2.x.", Severity.Medium, gateway.Name);
        var here = tenants.Where(tenant => gateway.Instances.ContainsKey(scene.InstanceOf(tenant))).ToArray();
        var looks = scene.System.Webhook.BaseUrl is null
            ? new Dictionary<string, WebhookLook>()
            : await WebhookLooks.AskAsync(gateway.Gateway!, here.Select(scene.InstanceOf), cancellation);
        foreach (var tenant in tenants)
        {
            var instance = scene.InstanceOf(tenant);
            var row = new AuditRow(tenant.Slug, "missing", "the gateway has no such instance") { Gateway = gateway.Name, Instance = instance };
            if (gateway.Instances.TryGetValue(instance, out var listed))
            {
                row = scene.System.Webhook.BaseUrl is { } baseUrl
                    ? await CompareAsync(scene, sheet, row, tenant, looks.GetValueOrDefault(instance), ReceiverAddress.Of(baseUrl, tenant.Slug), canHaveHeaders, cancellation)
                    : row with { Status = "not_observable", Detail = "the fleet file names no receiver" };
                row = Listen(sheet, row, listed, memory.Of(tenant.Slug, instance)?.LastEventAt);
            }

            sheet.Add(row);
        }
    }

    private async Task<AuditRow> CompareAsync(
        AuditScene scene, AuditSheet sheet, AuditRow row, Tenant tenant, WebhookLook? look, string url, bool? canHaveHeaders, CancellationToken cancellation)
    {
        if (look is not { IsKnown: true })
        {
            var why = look is null ? "not asked" : look.Webhook.Outcome == Outcome.Absent ? "not loaded on the gateway" : look.Webhook.Detail ?? "no answer";
            sheet.Unfinished(row.Gateway, $"webhook of {row.Instance}: {why}");
            return row with { Status = "unknown", Detail = why };
        }

        var secret = (await secrets.ForSlugAsync(tenant.Slug, cancellation)).FirstOrDefault(known => known.System == scene.System.Name);
        var differences = WebhookRules.Differences(look.Webhook.Value, url, scene.System.SubscribedEvents(), secret, canHaveHeaders, tenant.Integration!.WebhookUrl);
        if (canHaveHeaders is null && look.Webhook.Value is { Headers.Count: 0 }) sheet.Unfinished(row.Gateway, $"webhook of {row.Instance}: the gateway's version is not known, so its headers are not judged");
        if (WebhookRules.SeverityOf(differences) is not { } severity) return row with { Status = "ok", Detail = look.Webhook.Value!.ToString() };
        var fields = string.Join(", ", differences.Select(difference => difference.Field));
        // Without deliverTo a repair would cut the product off; the product's own note alone is nothing to repair on the gateway.
        var remedy = scene.System.Webhook.DeliverTo is null || severity == Severity.Low ? null : Remedies.RepairWebhook;
        sheet.Find("webhook_drift", severity, row.Gateway, tenant.Slug, row.Instance,
            $"The webhook of {row.Instance} is not as it should be: {fields}.{(remedy is null && severity > Severity.Low ? " Nothing repairs it until webhook.deliverTo is set." : "")}", remedy,
            evidence: [.. differences.Select(difference => (difference.Field, (string?)$"{difference.Is}, should be {difference.Should}"))]);
        return row with { Status = "drift", Detail = fields, Differences = differences };
    }

    private AuditRow Listen(AuditSheet sheet, AuditRow row, InstanceSnapshot listed, DateTimeOffset? lastEvent)
    {
        var last = lastEvent?.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture) ?? "never";
        row = row with { Detail = $"{row.Detail}; last event {last}" };
        if (listed.State != InstanceState.Open || WebhookRules.SilenceOf(lastEvent, time.GetUtcNow()) is not { } severity) return row;
        sheet.Find("webhook_silent", severity, row.Gateway, row.Tenant, row.Instance,
            $"{row.Instance} is open, but no event of it has arrived since {last}: its webhook is lost on the way, or nobody writes to it any more.",
            evidence: [("last_event_at", last), ("threshold_hours", WebhookRules.Silence.TotalHours.ToString(CultureInfo.InvariantCulture))]);
        return row with { Status = row.Status == "ok" ? "silent" : row.Status };
    }
}
