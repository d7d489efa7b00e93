using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>
/// Moves a tenant's instance to another gateway of its system (R-082…R-088). The manual logged the old one out first and had no way back; here the old one works,
/// webhook included, until the new one is open: a phone has several linked devices, so both can be paired at once, and only one of them delivers events.
/// </summary>
/// <remarks>
/// One lock is enough for both gateways: locks and open runs are by system and instance, whatever the gateway, and the name is the same on both.
/// </remarks>
public sealed class MigrateInstance : TenantRunbook<MigrateInstanceActions>
{
    public const string RunbookName = "migrate-instance";

    private static readonly IReadOnlyList<RunbookParameter> Asked = [new(MigrateInstanceActions.ToGateway, "the name of the gateway to move to, as the fleet file has it")];

    private static readonly IReadOnlyList<Step> Declaration =
    [
        Do("check-source", "Check that {gateway} answers and has {instance}", a => a.CheckSourceAsync, calls: ["GET / ({gateway})", "GET /instance/fetchInstances ({gateway})"]),
        Do("check-target", "Check that {toGateway} answers, accepts its key and has no {instance}", a => a.CheckNewAsync,
            calls: ["GET / ({toGateway})", "GET /instance/fetchInstances ({toGateway})"]),
        Do("export-config", "Keep the product's rows and the webhook settings, encrypted", a => a.KeepConfigAsync,
            calls: ["SELECT tenant_integrations of {tenant} (whatsapp)", "GET /webhook/find/{instance} ({gateway})"]),
        EnsureSecret(),
        Do("create-instance", "Create {instance} on {toGateway}, without a webhook so that nothing is delivered twice", a => a.CreateNewAsync, Effect.Reversible,
            Undo("Delete it on {toGateway} and wait until it is gone", a => a.RemoveNewAsync, "DELETE /instance/delete/{instance} ({toGateway})"),
            "POST /instance/create ({instance}, {toGateway})") with { AtMost = TimeSpan.FromMinutes(25) },
        Do("start-pairing", "Make {toGateway} show codes", a => a.StartPairingAsync, Effect.Reversible, calls: "GET /instance/connect/{instance} ({toGateway})")
            with { AtMost = TimeSpan.FromMinutes(15), Every = Pace.Seconds(2, 10) },
        // Silence means no, and everything is taken back: the old one still works.
        AskHuman("scan-qr", "Somebody at {tenant} scans the QR code of {toGateway}; {gateway} goes on working", "Scan the QR code with the tenant's phone: WhatsApp, Linked devices. The device that is linked already stays.",
            TimeSpan.FromMinutes(30), proof: a => a.IsNewPairedAsync, show: a => a.NewCodeAsync, every: Pace.Seconds(3, 15),
            calls: ["GET /instance/connectionState/{instance} ({toGateway})", "GET /instance/connect/{instance} ({toGateway})"]),
        Do("prove-open", "Prove that {instance} is open and paired on {toGateway}", a => a.ProveOpenAsync,
            calls: ["GET /instance/connectionState/{instance} ({toGateway})", "GET /instance/fetchInstances ({toGateway})"]) with { AtMost = TimeSpan.FromMinutes(2) },
        Do("disable-webhook", "Disable the webhook on {gateway}", a => a.Webhook.DisableAsync, Effect.Reversible,
            Undo("Put the webhook settings on {gateway} back", a => a.RestoreOldWebhookAsync, "POST /webhook/set/{instance} ({gateway}, as it was)"),
            "POST /webhook/set/{instance} ({gateway}, enabled: false)"),
        Do("enable-webhook", "Enable the webhook on {toGateway}", a => a.EnableNewWebhookAsync, Effect.Reversible,
            Undo("Disable the webhook on {toGateway}", a => a.DisableNewWebhookAsync, "POST /webhook/set/{instance} ({toGateway}, enabled: false)"),
            "POST /webhook/set/{instance} ({toGateway})"),
        Do("save-integration", "Point the product's row to {toGateway}", a => a.SaveAsync, Effect.Reversible,
            Undo("Put the rows back exactly as they were", a => a.RestoreRowsAsync, "INSERT tenant_integrations of {tenant} (as exported)"),
            "UPDATE tenant_integrations of {tenant} (api_url, instance_name, environment, webhook_url, connection_status)"),
        Choose("api-key", "Look whether the product keeps the gateway's key in its row (it is not ours to write)", a => a.AsksForKeyAsync,
            ("ask",
            [
                AskHuman("put-key", "Somebody puts the key of {toGateway} into config.api_key of {tenant}'s row",
                    "The product keeps the gateway's key in tenant_integrations.config.api_key: put the key of the new gateway there.",
                    TimeSpan.FromMinutes(30), proof: a => a.HasNewKeyAsync, calls: "SELECT tenant_integrations of {tenant} (whatsapp)"),
            ]),
            ("nothing", [])),
        Do("prove", "Read back the state, both webhooks and the row", a => a.ProveAsync,
            calls:
            [
                "GET /instance/connectionState/{instance} ({toGateway})", "GET /webhook/find/{instance} ({toGateway})", "GET /webhook/find/{instance} ({gateway})",
                "SELECT tenant_integrations of {tenant}",
            ]),
        Do("logout-old", "Log {instance} out on {gateway}", a => a.LogoutOldAsync, Effect.Irreversible, calls: "DELETE /instance/logout/{instance} ({gateway})"),
        // No failure: the tenant works on the new gateway, and what is left behind is told by the evidence.
        ChooseWithin("remove-old", "Delete {instance} on {gateway} and wait until it is gone", a => a.RemoveOldAsync, Pace.Seconds(2, 60), TimeSpan.FromMinutes(25), "left-behind",
            ("gone", []), ("left-behind", []))
            with { Effect = Effect.Irreversible, Calls = ["DELETE /instance/delete/{instance} ({gateway})", "GET /instance/connectionState/{instance} ({gateway})", "GET /instance/fetchInstances ({gateway})"] },
        WaitUntil("verify", "Read back the state, the webhook and the row", a => a.VerifyAsync, Pace.Seconds(2, 30), TimeSpan.FromMinutes(10),
            "GET /instance/connectionState/{instance} ({toGateway})", "GET /webhook/find/{instance} ({toGateway})", "SELECT tenant_integrations of {tenant}"),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(MigrateInstance);

    public override string Summary => "Moves one tenant's instance to another gateway; the old one works until the new one is paired and proven.";

    public override IReadOnlyList<RunbookParameter> Parameters => Asked;

    public override IReadOnlyList<Step> Steps => Declaration;

    public override string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway) => ForEvolutionOnly(system, "a move between gateways is proven for Evolution's webhooks and states only");

    protected override Func<MigrateInstanceActions, Preparation>? Prepare => a => a.PrepareAsync;

    [Function(nameof(MigrateInstance))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
