using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace WhatsOps.Runbooks;

/// <summary>
/// Pairs a closed or logged-out instance again (R-055, R-059 for sessions; after the terminal reasons 401, 402, 403 and 406 nothing else helps): instance,
/// webhook and rows stay as they are. It takes no pairing from anybody, so it needs no approval, and policy auto may start it.
/// </summary>
public sealed class Reauthenticate : TenantRunbook<ReauthenticateActions>
{
    public const string RunbookName = "reauthenticate";

    private static readonly IReadOnlyList<RunbookParameter> Asked =
    [
        new(PairingSteps.Number, "the phone's number in digits, country code first, to show a pairing code besides the QR code", Required: false) { Secret = true, Pattern = "[1-9][0-9]{7,14}" },
    ];

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckTarget(),
        Do("check-session", "Check that {instance} is there", a => a.CheckSessionAsync, calls: "GET /instance/connectionState/{instance}"),
        // Reversible without a compensation: codes that nobody scans end by themselves at the gateway's limit, and a logout could hit a phone that just scanned.
        Do("start-pairing", "Make the gateway show codes", a => a.Pairing.StartAsync, Effect.Reversible,
            calls: ["GET /instance/connect/{instance} (with ?number= where one is given)", "DELETE /instance/logout/{instance} (only where it shows codes without the number)"])
            with { AtMost = TimeSpan.FromMinutes(15), Every = Pace.Seconds(2, 10) },
        AskHuman("scan-qr", "Somebody at {tenant} scans the QR code or types the pairing code", "Scan the QR code with the tenant's phone: WhatsApp, Linked devices.",
            TimeSpan.FromMinutes(30), proof: a => a.Pairing.IsPairedAsync, show: a => a.Pairing.CodeAsync, whenSilent: RunState.NeedsPairing, every: Pace.Seconds(3, 15),
            calls: ["GET /instance/connectionState/{instance}", "GET /instance/connect/{instance}"]),
        Do("tell-product", "Write the state into the product's row", a => a.TellProductAsync, Effect.Reversible,
            calls: "UPDATE tenant_integrations of {tenant} (connection_status)"),
        Do("verify", "Read back the state and the row", a => a.VerifyAsync,
            calls: ["GET /instance/connectionState/{instance}", "SELECT tenant_integrations of {tenant}"]),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(Reauthenticate);

    public override string Summary => "Pairs a logged-out instance again, by QR code or pairing code; nothing else of it changes.";

    public override IReadOnlyList<RunbookParameter> Parameters => Asked;

    public override IReadOnlyList<Step> Steps => Declaration;

    public override bool ConfirmsNeed => true;

    protected override Func<ReauthenticateActions, Preparation>? Prepare => a => a.PrepareAsync;

    [Function(nameof(Reauthenticate))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
