using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Fleet;
using WhatsOps.Gateways.TaktChat;

namespace WhatsOps.Runbooks;

/// <summary>
/// The ladder: restart, connect, pair again, reset; each rung only when the one before did not bring the instance back, and none when it is open. A
/// session that WhatsApp ended for good (401, 402, 403, 406) begins at the pairing, a missing instance at the reset.
/// </summary>
public sealed class RecoverInstance : TenantRunbook<RecoverInstanceActions>
{
    public const string RunbookName = "recover-instance";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Looks = ["GET /instance/connectionState/{instance}", "GET /instance/fetchInstances"];

    private static readonly IReadOnlyList<Step> Pairing =
    [
        Do("logout", "End what is left of the session of {instance}", a => a.LogoutAsync, Effect.NeedsPairing, calls: "DELETE /instance/logout/{instance}"),
        ChooseWithin("session-over", "Check that the session is really over: a zombie says so and stays open", a => a.IsSessionOverAsync, Pace.Seconds(2, 5), TimeSpan.FromSeconds(30),
            RecoverInstanceActions.Zombie,
            (RecoverInstanceActions.Over,
            [
                Do("connect", "Start the pairing", a => a.Instance.ConnectAsync, Effect.NeedsPairing, calls: "GET /instance/connect/{instance}"),
                ChooseWithin("code-shown", "Wait until there is a code to scan", a => a.IsCodeShownAsync, Pace.Seconds(2, 10), TimeSpan.FromMinutes(1), RecoverInstanceActions.None,
                    (RecoverInstanceActions.Shown,
                    [
                        ScanQr(),
                    ]),
                    (RecoverInstanceActions.None, [])) with { Calls = ["GET /instance/connect/{instance}"] },
            ]),
            (RecoverInstanceActions.Zombie, [Do("give-up", "Say that only a restart of the gateway helps", _ => RecoverInstanceActions.GiveUpAsync)])) with { Calls = ["GET /instance/connectionState/{instance}"] },
    ];

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckTarget(),
        Choose("restart-rung", "Restart it, unless it is open, closed or gone", a => a.RestartRungAsync,
            (RecoverInstanceActions.Climb,
            [
                Do("restart", "Restart {instance}", a => a.Connection.RestartAsync, Effect.Reversible, calls: "POST /instance/restart/{instance} (PUT on 1.x)"),
            ]),
            (RecoverInstanceActions.Skip, [])) with { Calls = Looks },
        ChooseWithin("connect-rung", "Connect it, when it is not open in time", a => a.ConnectRungAsync, Pace.Seconds(2, 15), Patience, RecoverInstanceActions.Climb,
            (RecoverInstanceActions.Climb, [Do("connect", "Connect {instance}", a => a.Connection.ReconnectAsync, Effect.Reversible, calls: "GET /instance/connect/{instance}")]),
            (RecoverInstanceActions.Skip, [])) with { Calls = Looks },
        ChooseWithin("pairing-rung", "Pair it again, when it is not open in time or WhatsApp has ended the session", a => a.PairingRungAsync, Pace.Seconds(2, 15), Patience,
            RecoverInstanceActions.Climb, (RecoverInstanceActions.Climb, Pairing), (RecoverInstanceActions.Skip, [])) with { Calls = Looks },
        Choose("reset-rung", "Reset it, when nothing else helped and not merely nobody scanned", a => a.ResetRungAsync,
            (RecoverInstanceActions.Climb, [Run("reset", "Reset the integration of {tenant}", new ResetIntegration())]), (RecoverInstanceActions.Skip, [])) with { Calls = Looks },
        TellState(),
        VerifyOpen(),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(RecoverInstance);

    public override string Summary => "Brings one tenant's instance back by the mildest means that works: restart, connect, pair again, reset.";

    public override IReadOnlyList<Step> Steps => Declaration;

    public override string? RefusalOf(FleetSystem system, GatewayEndpoint? gateway) => base.RefusalOf(system, gateway) ?? WhereTenantsAreTheProducts(system) ?? NotOnTaktChat(system, TaktChatCapabilities.NoDeletion);

    public override bool ConfirmsNeed => true;

    public override IReadOnlyList<RunbookParameter> Parameters { get; } =
    [
        new(RecoverInstanceActions.From, "the rung to begin at although the instance may say open (a zombie does): restart, connect, pairing or reset", Required: false),
    ];

    protected override Func<RecoverInstanceActions, Preparation> Prepare => _ => RecoverInstanceActions.PrepareAsync;

    [Function(nameof(RecoverInstance))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
