using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>
/// "config_missing → save config" of the manual: writes what the product must know of its tenant's instance where the row lacks it or says
/// it wrongly. The plan shows the difference; the rows come back exactly when anything fails.
/// </summary>
public sealed class SaveIntegration : TenantRunbook<SaveIntegrationActions>
{
    public const string RunbookName = "save-integration";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckTarget(),
        Do("export-rows", "Keep the product's rows, encrypted", a => a.Integration.ExportAsync, calls: "SELECT tenant_integrations of {tenant} (whatsapp)"),
        Do("save-integration", "Write the product's row: {difference}", a => a.SaveAsync, Effect.Reversible,
            Undo("Put the rows back exactly as they were", a => a.Integration.RestoreAsync, "INSERT tenant_integrations of {tenant} (as exported)"),
            "GET /instance/connectionState/{instance}", "GET /webhook/find/{instance}", "INSERT or UPDATE tenant_integrations of {tenant} (whatsapp, production)"),
        Do("verify", "Read the row back", a => a.VerifyAsync, calls: "SELECT tenant_integrations of {tenant}"),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(SaveIntegration);

    public override string Summary => "Writes one tenant's row in the product: instance name, gateway address, production, webhook.";

    public override IReadOnlyList<Step> Steps => Declaration;

    public override bool ConfirmsNeed => true;

    protected override Func<SaveIntegrationActions, Preparation> Prepare => a => a.PrepareAsync;

    public override string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway) => base.RefusalOf(system, gateway) ?? NotOnTaktChat(system, "the connections are rows of the product itself, which nobody else may write");

    [Function(nameof(SaveIntegration))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
