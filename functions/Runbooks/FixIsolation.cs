using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>
/// "isolation violation → delete wrong, create right" of the manual, in an order that can be taken back: the wrongly named instance is only
/// silenced at first, and deleted when the right one is open and proven. Nobody scans: everything is as before.
/// </summary>
public sealed class FixIsolation : TenantRunbook<FixIsolationActions>
{
    public const string RunbookName = "fix-isolation";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckTarget(),
        Do("export-config", "Keep the product's rows and the webhook settings of {instance}, encrypted", a => a.ExportConfigAsync,
            calls: ["SELECT tenant_integrations of {tenant} (whatsapp)", "GET /webhook/find/{instance}"]),
        Do("export-wrong", "Keep the webhook settings of {wrongInstance}, encrypted", a => a.ExportWrongAsync, calls: "GET /webhook/find/{wrongInstance}"),
        EnsureSecret(),
        Do("silence-wrong", "Quarantine {wrongInstance}: disable its webhook", a => a.SilenceWrongAsync, Effect.Reversible,
            Undo("Put its webhook settings back", a => a.RestoreWrongAsync, "POST /webhook/set/{wrongInstance} (as it was)"), "POST /webhook/set/{wrongInstance} (enabled: false)"),
        Do("create-instance", "Create {instance} with its webhook, unless it is there", a => a.CreateInstanceAsync, Effect.Reversible,
            Undo("Remove it again, unless a person has paired it", a => a.RemoveCreatedAsync, "POST /webhook/set/{instance} (enabled: false)", "DELETE /instance/delete/{instance}"),
            "POST /instance/create ({instance})") with { AtMost = TimeSpan.FromMinutes(25) },
        Do("ensure-webhook", "Read its webhook back, and set it where it differs", a => a.Webhook.EnsureAsync, Effect.Reversible,
            Undo("Put the webhook settings back as they were", a => a.Webhook.RestoreAsync, "POST /webhook/set/{instance} (as it was)"),
            "GET /webhook/find/{instance}", "POST /webhook/set/{instance} (if different)"),
        Do("connect", "Start the pairing of {instance}", a => a.Instance.ConnectAsync, Effect.Reversible, calls: "GET /instance/connect/{instance}"),
        AskHuman("scan-qr", "Somebody at {tenant} scans the QR code of {instance}", "Scan the QR code with the tenant's phone: WhatsApp, Linked devices. The old link is removed afterwards.",
            TimeSpan.FromMinutes(30), proof: a => a.Instance.IsPairedAsync, show: a => a.Instance.QrAsync, every: Pace.Seconds(3, 15), calls: "GET /instance/connectionState/{instance}"),
        Do("save-integration", "Write the product's row for {instance}", a => a.Integration.TellProductAsync, Effect.Reversible,
            Undo("Put the rows back exactly as they were, unless {wrongInstance} is being deleted", a => a.RestoreRowsAsync, "INSERT tenant_integrations of {tenant} (as exported)"),
            "INSERT or UPDATE tenant_integrations of {tenant} (whatsapp)"),
        VerifyAll(),
        Do("delete-wrong", "Delete {wrongInstance}", a => a.DeleteWrongAsync, Effect.Irreversible, calls: "DELETE /instance/delete/{wrongInstance}"),
        WaitUntil("wait-gone", "Wait until state and list both lack {wrongInstance}", a => a.IsWrongGoneAsync, Pace.Seconds(2, 60), TimeSpan.FromMinutes(25),
            "GET /instance/connectionState/{wrongInstance}", "GET /instance/fetchInstances"),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(FixIsolation);

    public override string Summary => "Replaces one tenant's wrongly named instance by one of the right name; the wrong one is deleted last.";

    public override IReadOnlyList<Step> Steps => Declaration;

    public override string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway) => ForEvolutionOnly(system, "it makes the instance anew under Evolution's rules for names");

    public override bool ConfirmsNeed => true;

    public override IReadOnlyList<RunbookParameter> Parameters { get; } =
        [new(FixIsolationActions.WrongInstance, "exact name of the tenant's wrongly named instance; the one that the product's row names when left out", Required: false)];

    protected override Func<FixIsolationActions, Preparation> Prepare => a => a.PrepareAsync;

    [Function(nameof(FixIsolation))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
