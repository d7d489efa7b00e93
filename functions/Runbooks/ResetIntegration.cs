using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Fleet;
using WhatsOps.Gateways.TaktChat;

namespace WhatsOps.Runbooks;

/// <summary>
/// "Reset completo" of the manual (R-077…R-081): removes one tenant's instance and makes it anew, with what the manual left out: waiting until the
/// asynchronous delete is over, a webhook from the first moment, the pairing as a person's step, and proof at the end.
/// </summary>
public sealed class ResetIntegration : TenantRunbook<ResetIntegrationActions>
{
    public const string RunbookName = "reset-integration";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckTarget(),
        Do("export-config", "Keep the product's rows and the webhook settings, encrypted", a => a.ExportConfigAsync,
            calls: ["SELECT tenant_integrations of {tenant} (whatsapp)", "GET /webhook/find/{instance}"]),
        EnsureSecret(),
        Do("disable-webhook", "Disable the webhook, so that the removal does not wait for its delivery", a => a.Webhook.DisableAsync, Effect.Reversible,
            Undo("Put the webhook settings back where the instance lives", a => a.Webhook.RestoreAsync, "POST /webhook/set/{instance} (as it was)"),
            "POST /webhook/set/{instance} (enabled: false)"),
        Do("logout", "Log {instance} out", a => a.Instance.LogoutAsync, Effect.NeedsPairing, calls: "DELETE /instance/logout/{instance}"),
        Do("delete-instance", "Delete {instance}", a => a.Instance.DeleteAsync, Effect.Irreversible, calls: "DELETE /instance/delete/{instance}"),
        WaitUntil("wait-gone", "Wait until state and list both lack {instance}", a => a.Instance.IsGoneAsync, Pace.Seconds(2, 60), TimeSpan.FromMinutes(25),
            "GET /instance/connectionState/{instance}", "GET /instance/fetchInstances"),
        Do("delete-rows", "Delete the product's whatsapp rows of {tenant}", a => a.Integration.DeleteAsync, Effect.Reversible,
            Undo("Put the rows back exactly as they were", a => a.Integration.RestoreAsync, "INSERT tenant_integrations of {tenant} (as exported)"),
            "DELETE tenant_integrations of {tenant} (whatsapp)"),
        Do("create-instance", "Create {instance} with its webhook", a => a.CreateInstanceAsync, Effect.NeedsPairing, calls: "POST /instance/create ({instance})")
            with { AtMost = TimeSpan.FromMinutes(25) },
        EnsureWebhook(),
        Do("save-integration", "Write the product's row for {instance}", a => a.Integration.SaveAsync, Effect.Reversible,
            Undo("Delete the new row", a => a.Integration.DeleteNewRowAsync, "DELETE tenant_integrations of {tenant} (whatsapp)"),
            "INSERT tenant_integrations of {tenant} (whatsapp)"),
        Do("connect", "Start the pairing", a => a.Instance.ConnectAsync, Effect.NeedsPairing, calls: "GET /instance/connect/{instance}"),
        ScanQr(),
        TellProduct(),
        VerifyAll(),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(ResetIntegration);

    public override string Summary => "Deletes one tenant's instance and makes it anew with its webhook; a person pairs it again.";

    public override IReadOnlyList<Step> Steps => Declaration;

    public override string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway) => base.RefusalOf(system, gateway) ?? WhereTenantsAreTheProducts(system) ?? NotOnTaktChat(system, TaktChatCapabilities.NoDeletion);

    [Function(nameof(ResetIntegration))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
