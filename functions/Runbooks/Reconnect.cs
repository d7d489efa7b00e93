using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace WhatsOps.Runbooks;

/// <summary>
/// "forceReconnect" of the manual: asks the gateway to connect one instance and waits until it is open. Not destructive. A session that
/// WhatsApp ended for good (401, 402, 403, 406) is not touched: connecting it would only show QR codes to nobody.
/// </summary>
public sealed class Reconnect : TenantRunbook<TenantSteps>
{
    public const string RunbookName = "reconnect";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckTarget(),
        Do("connect", "Connect {instance}, unless it is open", a => a.Connection.ReconnectAsync, Effect.Reversible,
            calls: ["GET /instance/connectionState/{instance}", "GET /instance/connect/{instance}"]),
        WaitOpen(),
        TellState(),
        VerifyOpen(),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(Reconnect);

    public override string Summary => "Asks the gateway to connect one tenant's instance and proves that it is open; nothing is lost.";

    public override IReadOnlyList<Step> Steps => Declaration;

    public override bool ConfirmsNeed => true;

    [Function(nameof(Reconnect))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
