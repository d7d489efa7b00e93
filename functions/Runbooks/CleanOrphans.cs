using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>
/// "cleanOrphanInstances" of the manual, with what it lacked: exact names, a quarantine of days, a cap, the plan's own list of names, and
/// a look before each delete whether the instance is still nobody's. Refuses when the tenants cannot be believed.
/// </summary>
public sealed class CleanOrphans : Runbook<CleanOrphansActions>
{
    public const string RunbookName = "clean-orphans";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        Do("check-gateway", "Check that the gateway answers and accepts its key", a => a.Instance.CheckTargetAsync, calls: ["GET /", "GET /instance/fetchInstances"]),
        ForEach("orphans", "The {count} instances that nobody has had for {quarantineDays} days: {instances}", a => a.OrphansAsync, CleanOrphansActions.Cap,
            Choose("still-orphan", "Look once more whether it is nobody's", a => a.IsStillOrphanAsync,
                (CleanOrphansActions.Orphan,
                [
                    Do("export-webhook", "Keep its webhook settings, encrypted", a => a.ExportWebhookAsync, calls: "GET /webhook/find/{item}"),
                    Do("disable-webhook", "Disable its webhook", a => a.DisableWebhookAsync, Effect.Reversible,
                        Undo("Put its webhook settings back, where it still lives", a => a.RestoreWebhookAsync, "POST /webhook/set/{item} (as it was)"),
                        "POST /webhook/set/{item} (enabled: false)"),
                    Do("delete", "Log it out and delete it, if it is still nobody's", a => a.DeleteAsync, Effect.Irreversible,
                        calls: ["DELETE /instance/logout/{item}", "DELETE /instance/delete/{item}"]),
                ]),
                (CleanOrphansActions.Owned, [])) with { Calls = ["GET /instance/fetchInstances", "SELECT tenants"] }) with { Calls = ["GET /instance/fetchInstances", "SELECT tenants"] },
        WaitUntil("wait-gone", "Wait until state and list lack them all", a => a.AreGoneAsync, Pace.Seconds(2, 60), TimeSpan.FromMinutes(25),
            "GET /instance/fetchInstances", "GET /instance/connectionState/{item}"),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(CleanOrphans);

    public override string Summary => "Deletes the instances of one gateway that have belonged to no tenant for the quarantine's days.";

    public override IReadOnlyList<Step> Steps => Declaration;

    public override string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway) => ForEvolutionOnly(system, "what is an orphan is told by Evolution's list and its Redis only");

    public override bool ConfirmsNeed => true;

    public override RunbookScope Scope => RunbookScope.Gateway;

    protected override Func<CleanOrphansActions, Preparation> Prepare => a => a.PrepareAsync;

    [Function(nameof(CleanOrphans))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
