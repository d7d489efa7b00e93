using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace WhatsOps.Runbooks;

/// <summary>
/// The first rung of recovery, by itself: restarts one instance and waits until it is open again. Costs nothing but the seconds of the restart, so a
/// policy may do it unasked. Never says recovered by what a zombie says: its row must be newer than the restart.
/// </summary>
public sealed class RestartInstance : Runbook<TenantSteps>
{
    public const string RunbookName = "restart-instance";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        Do("check-target", "Check that the gateway answers and accepts its key", a => a.Instance.CheckTargetAsync, calls: ["GET /", "GET /instance/fetchInstances"]),
        Do("restart", "Restart {instance}, or connect it where it is closed", a => a.Connection.RestartAsync, Effect.Reversible,
            calls: ["GET /instance/connectionState/{instance}", "POST /instance/restart/{instance} (PUT on 1.x; GET /instance/connect/{instance} when closed)"]),
        WaitUntil("wait-open", "Wait until {instance} is open", a => a.Connection.IsOpenAsync, Pace.Seconds(2, 15), TimeSpan.FromMinutes(2),
            "GET /instance/connectionState/{instance}", "GET /instance/fetchInstances"),
        Do("tell-product", "Write the state into the product's row, where it names {instance}", a => a.Integration.TellStateAsync, Effect.Reversible,
            calls: "UPDATE tenant_integrations of {tenant} (connection_status)"),
        Do("verify", "Read the state back", a => a.Proof.IsOpenAsync, calls: "GET /instance/connectionState/{instance}"),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(RestartInstance);

    public override string Summary => "Restarts one tenant's instance and proves that it is open again; nothing is lost.";

    public override IReadOnlyList<Step> Steps => Declaration;

    [Function(nameof(RestartInstance))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
