using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace WhatsOps.Runbooks;

/// <summary>
/// The first rung of recovery, by itself: restarts one instance and waits until it is open again. Costs nothing but the seconds of the restart, so a
/// policy may do it unasked. Never says recovered by what a zombie says: its row must be newer than the restart.
/// </summary>
public sealed class RestartInstance : TenantRunbook<TenantSteps>
{
    public const string RunbookName = "restart-instance";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckTarget(),
        Do("restart", "Restart {instance}, or connect it where it is closed", a => a.Connection.RestartAsync, Effect.Reversible,
            calls: ["GET /instance/connectionState/{instance}", "POST /instance/restart/{instance} (PUT on 1.x; GET /instance/connect/{instance} when closed)"]),
        WaitOpen(),
        TellState(),
        VerifyOpen(),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(RestartInstance);

    public override string Summary => "Restarts one tenant's instance and proves that it is open again; nothing is lost.";

    public override IReadOnlyList<Step> Steps => Declaration;

    [Function(nameof(RestartInstance))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
