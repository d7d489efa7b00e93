using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Fleet;
using WhatsOps.Gateways.TaktChat;

namespace WhatsOps.Runbooks;

/// <summary>
/// "instance_not_found → create" of the manual: makes the instance that is missing, with its webhook from the first moment, writes the
/// product's row, and lets a person pair it. Never runs where the instance exists.
/// </summary>
public sealed class CreateInstance : TenantRunbook<CreateInstanceActions>
{
    public const string RunbookName = "create-instance";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckTarget(),
        Do("check-missing", "Check that {instance} is still missing", a => a.CheckMissingAsync,
            calls: ["GET /instance/connectionState/{instance}", "GET /instance/fetchInstances"]),
        Do("export-config", "Keep the product's rows, and the webhook settings that an earlier run lost, encrypted", a => a.ExportConfigAsync,
            calls: ["SELECT tenant_integrations of {tenant} (whatsapp)", "GET /webhook/find/{instance}"]),
        EnsureSecret(),
        Do("create-instance", "Create {instance} with its webhook", a => a.CreateInstanceAsync, Effect.Reversible,
            Undo("Remove it again, unless a person has paired it", a => a.RemoveCreatedAsync, "POST /webhook/set/{instance} (enabled: false)", "DELETE /instance/delete/{instance}"),
            "POST /instance/create ({instance})") with { AtMost = TimeSpan.FromMinutes(25) },
        EnsureWebhook(),
        Do("save-integration", "Write the product's row for {instance}", a => a.Integration.SaveAsync, Effect.Reversible,
            Undo("Put the rows back exactly as they were", a => a.Integration.RestoreAsync, "INSERT tenant_integrations of {tenant} (as exported)"),
            "INSERT or UPDATE tenant_integrations of {tenant} (whatsapp)"),
        Do("connect", "Start the pairing", a => a.Instance.ConnectAsync, Effect.Reversible, calls: "GET /instance/connect/{instance}"),
        ScanQr(),
        TellProduct(),
        VerifyAll(),
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
