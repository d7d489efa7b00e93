using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>Gateway keys that can be guessed or are shared, instance tokens that are, and webhooks without any proof. Nothing of them leaves the memory.</summary>
internal sealed class KeysAudit(AuditDesk desk, IFleet fleet, IInstanceTokens tokens) : IRoutine
{
    public string Name => "keys";

    public string Summary => "Whether gateway keys and instance tokens are strong and nobody else's, and webhooks carry a proof.";

    public string DefaultSchedule => "30 7 * * 1";

    public bool AppliesTo(FleetSystem system) => system.TenantDirectory is not null && SystemKinds.SendsWebhooks(system.Kind);

    public Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation) => desk.AuditAsync(
        Name, call.System, withGateways: true, (scene, sheet) => JudgeAsync(scene, sheet, cancellation), cancellation);

    private async Task<string> JudgeAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        var all = await KeysAsync(cancellation);
        foreach (var gateway in scene.Gateways.Where(gateway => gateway.Problem is null))
        {
            if (Key(gateway.Endpoint) is not { } key) continue;
            var seen = await tokens.ReadAsync(scene.System, gateway.Endpoint, null, cancellation);
            if (!seen.IsSeen) sheet.Unfinished(gateway.Name, $"tokens of its instances: {seen.Detail}");
            var shown = seen.Value ?? new Dictionary<string, string>();
            var weakness = KeyRules.Weakness(key)
                ?? (shown.Values.Contains(key, StringComparer.Ordinal) ? "same_as_an_instance_token" : null)
                ?? (all.Any(other => other.Key == key && (other.System, other.Gateway) != (scene.System.Name, gateway.Name)) ? "same_as_another_gateway" : null);
            Judge(sheet, gateway, weakness);
            Judge(sheet, gateway, shown);
            if (gateway.IsListed) await WebhooksAsync(scene, sheet, gateway, cancellation);
        }

        var bad = sheet.Rows.Count(row => row.Status is not ("ok" or "tokens_shown"));
        return $"{scene.Gateways.Count} gateways: {(bad == 0 ? "keys, tokens and proofs are sound" : $"{bad} weaknesses")}.";
    }

    private static void Judge(AuditSheet sheet, GatewayView gateway, string? weakness)
    {
        sheet.Add(new(null, weakness ?? "ok", $"the global key {(weakness is null ? "is strong and its own" : KeyRules.Cause(weakness))}") { Gateway = gateway.Name });
        if (weakness is not null)
            sheet.Find("gateway_key_weak", weakness is "published_default" or "same_as_an_instance_token" ? Severity.Critical : Severity.High, gateway.Name, null, null,
                $"The global key of gateway {gateway.Name} {KeyRules.Cause(weakness)}. Make a random one (openssl rand -hex 32), set it as {GatewayDialects.KeySettingOf(gateway.Kind)} and where the fleet file refers to.",
                subject: weakness, evidence: [("weakness", weakness)]);
    }

    private static void Judge(AuditSheet sheet, GatewayView gateway, IReadOnlyDictionary<string, string> shown)
    {
        if (shown.Count == 0) return;
        var count = shown.Count.ToString(CultureInfo.InvariantCulture);
        sheet.Add(new(null, "tokens_shown", $"the list shows the tokens of {count} instances to whoever has the global key") { Gateway = gateway.Name });
        sheet.Find("instance_tokens_exposed", Severity.Info, gateway.Name, null, null,
            $"The list of gateway {gateway.Name} shows the tokens of {count} instances in clear: treat whatever stores or logs that list as a secret.", evidence: [("instances", count)]);
        foreach (var same in shown.GroupBy(pair => pair.Value, StringComparer.Ordinal).Where(same => same.Count() > 1))
        {
            string[] names = [.. same.Select(pair => pair.Key).Order(StringComparer.Ordinal)];
            sheet.Add(new(null, "token_shared", $"{string.Join(", ", names)} have one token") { Gateway = gateway.Name });
            sheet.Find("instance_token_shared", Severity.High, gateway.Name, null, names[0],
                $"{string.Join(", ", names)} have one token: each of these customers commands the others. Make them anew with tokens of their own.", evidence: [("instances", string.Join(", ", names))]);
        }
    }

    // Where the fleet file names our receiver, a missing secret is webhook_drift; elsewhere nobody else looks.
    private static async Task WebhooksAsync(AuditScene scene, AuditSheet sheet, GatewayView gateway, CancellationToken cancellation)
    {
        if (scene.System.Webhook.BaseUrl is not null) return;
        var tenants = scene.Tenants.Where(tenant => tenant is { IsActive: true, Integration.IsActive: true } && gateway.Instances.ContainsKey(scene.InstanceOf(tenant))).ToArray();
        var looks = await WebhookLooks.AskAsync(gateway.Gateway!, tenants.Select(scene.InstanceOf), cancellation);
        foreach (var tenant in tenants)
        {
            if (looks.GetValueOrDefault(scene.InstanceOf(tenant)) is not { IsKnown: true } look) sheet.Unfinished(gateway.Name, $"webhook of {scene.InstanceOf(tenant)}");
            else if (look.Webhook.Value is { Enabled: true, Headers.Count: 0 } webhook && !HasProofInAddress(webhook.Url))
            {
                sheet.Add(new(tenant.Slug, "webhook_without_proof", $"{webhook.Address} gets events that anybody could send") { Gateway = gateway.Name, Instance = look.Instance });
                sheet.Find("webhook_without_secret", Severity.Medium, gateway.Name, tenant.Slug, look.Instance,
                    $"The webhook of {look.Instance} carries no header: its receiver cannot tell the gateway's events from anybody's.", evidence: [("url", webhook.Address)]);
            }
        }
    }

    // A query is where products that cannot read headers put their key.
    private static bool HasProofInAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Query.Length > 1 || address.UserInfo.Length > 0);

    private async Task<IReadOnlyList<(string System, string Gateway, string Key)>> KeysAsync(CancellationToken cancellation) =>
    [
        .. from system in (await fleet.CurrentAsync(cancellation))?.Document.Systems ?? []
           from gateway in system.Gateways
           let key = Key(gateway)
           where key is not null
           select (system.Name, gateway.Name, key!)
    ];

    private string? Key(GatewayEndpoint gateway)
    {
        try
        {
            return fleet.Resolve(gateway.ApiKey).Trim();
        }
        catch (MissingSecretException)
        {
            // The sweep says so (gateway_unauthorized).
            return null;
        }
    }
}
