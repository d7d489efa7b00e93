using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Fleet;
using WhatsOps.Gateways.TaktChat;

namespace WhatsOps.Runbooks;

/// <summary>
/// Points a tenant's webhook at WhatsOps' receiver as the fleet file asks: the plan shows every difference between that and what the gateway
/// really has. Refused where it would cut the product off (no deliverTo) or could not work (1.x sends no secret).
/// </summary>
public sealed class RepairWebhook : TenantRunbook<RepairWebhookActions>
{
    public const string RunbookName = "repair-webhook";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckTarget(),
        EnsureSecret(),
        Do("export-webhook", "Keep the webhook settings, encrypted", a => a.Webhook.ExportAsync, calls: "GET /webhook/find/{instance}"),
        Do("set-webhook", "Set the webhook: {difference}", a => a.SetAsync, Effect.Reversible,
            Undo("Put the webhook settings back as they were", a => a.RestoreAsync, "POST /webhook/set/{instance} (as it was)"),
            "POST /webhook/set/{instance}", "GET /webhook/find/{instance}"),
        Do("verify", "Read the webhook back", a => a.VerifyAsync, calls: "GET /webhook/find/{instance}"),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(RepairWebhook);

    public override string Summary => "Sets one tenant's webhook as the fleet file wants it, and reads it back.";

    public override IReadOnlyList<Step> Steps => Declaration;

    /// <summary>It proves no connection, so it needs no look at one.</summary>
    public override string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway) => NotOnTaktChat(system, TaktChatCapabilities.NoWebhooks);

    public override bool ConfirmsNeed => true;

    protected override Func<RepairWebhookActions, Preparation> Prepare => a => a.PrepareAsync;

    [Function(nameof(RepairWebhook))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
