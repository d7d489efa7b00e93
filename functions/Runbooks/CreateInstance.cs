using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Fleet;
using WhatsOps.Gateways.TaktChat;

namespace WhatsOps.Runbooks;

/// <summary>
/// "instance_not_found → create" of the manual: makes the instance that is missing, with its webhook from the first moment, writes the
/// product's row, and lets a person pair it. Never runs where the instance exists.
/// </summary>
public sealed class CreateInstance : Runbook<CreateInstanceActions>
{
    public const string RunbookName = "create-instance";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        Do("check-target", "Check that the gateway answers and accepts its key", a => a.Instance.CheckTargetAsync, calls: ["GET /", "GET /instance/fetchInstances"]),
        Do("check-missing", "Check that {instance} is still missing", a => a.CheckMissingAsync,
            calls: ["GET /instance/connectionState/{instance}", "GET /instance/fetchInstances"]),
        Do("export-config", "Keep the product's rows, and the webhook settings that an earlier run lost, encrypted", a => a.ExportConfigAsync,
            calls: ["SELECT tenant_integrations of {tenant} (whatsapp)", "GET /webhook/find/{instance}"]),
        Do("ensure-secret", "Make sure that {tenant} has a webhook secret", a => a.Webhook.EnsureSecretAsync),
        Do("create-instance", "Create {instance} with its webhook", a => a.CreateInstanceAsync, Effect.Reversible,
            Undo("Remove it again, unless a person has paired it", a => a.RemoveCreatedAsync, "POST /webhook/set/{instance} (enabled: false)", "DELETE /instance/delete/{instance}"),
            "POST /instance/create ({instance})") with { AtMost = TimeSpan.FromMinutes(25) },
        Do("ensure-webhook", "Read the webhook back, and set it where it differs", a => a.Webhook.EnsureAsync, Effect.Reversible,
            calls: ["GET /webhook/find/{instance}", "POST /webhook/set/{instance} (if different)"]),
        Do("save-integration", "Write the product's row for {instance}", a => a.Integration.SaveAsync, Effect.Reversible,
            Undo("Put the rows back exactly as they were", a => a.Integration.RestoreAsync, "INSERT tenant_integrations of {tenant} (as exported)"),
            "INSERT or UPDATE tenant_integrations of {tenant} (whatsapp)"),
        Do("connect", "Start the pairing", a => a.Instance.ConnectAsync, Effect.Reversible, calls: "GET /instance/connect/{instance}"),
        AskHuman("scan-qr", "Somebody at {tenant} scans the QR code", "Scan the QR code with the tenant's phone: WhatsApp, Linked devices.",
            TimeSpan.FromMinutes(30), proof: a => a.Instance.IsPairedAsync, show: a => a.Instance.QrAsync, whenSilent: RunState.NeedsPairing, every: Pace.Seconds(3, 15),
            calls: "GET /instance/connectionState/{instance}"),
        Do("tell-product", "Write the state into the product's row", a => a.Integration.TellProductAsync, Effect.Reversible,
            calls: "UPDATE tenant_integrations of {tenant} (connection_status)"),
        Do("verify", "Read back the state, the webhook and the row", a => a.Proof.VerifyAsync,
            calls: ["GET /instance/connectionState/{instance}", "GET /webhook/find/{instance}", "SELECT tenant_integrations of {tenant}"]),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(CreateInstance);

    public override string Summary => "Makes one tenant's missing instance with its webhook and its row; a person pairs it.";

    public override IReadOnlyList<Step> Steps => Declaration;

    public override bool ConfirmsNeed => true;

    protected override Func<CreateInstanceActions, Preparation> Prepare => a => a.PrepareAsync;

    public override string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway) => base.RefusalOf(system, gateway) ?? NotOnTaktChat(system, TaktChatCapabilities.NoCreation);

    [Function(nameof(CreateInstance))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
