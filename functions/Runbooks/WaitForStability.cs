using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace WhatsOps.Runbooks;

/// <summary>
/// "waitForAPIStability" of the manual: looks at a gateway, less and less often, until so many probes in a row were good. Touches
/// nothing. Not stable within half an hour: the run fails, and the finding stays with the people who were told.
/// </summary>
public sealed class WaitForStability : Runbook<WaitForStabilityActions>
{
    public const string RunbookName = "wait-for-stability";

    private static readonly IReadOnlyList<Step> Declaration =
    [
        WaitUntil("wait-stable", "Wait until {goodProbes} probes in a row are good: version and list", a => a.IsStableAsync, Pace.Seconds(10, 60), TimeSpan.FromMinutes(30),
            "GET /", "GET /instance/fetchInstances"),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(WaitForStability);

    public override string Summary => "Waits until a gateway answers well several times in a row; touches nothing.";

    public override IReadOnlyList<Step> Steps => Declaration;

    public override bool ConfirmsNeed => true;

    public override RunbookScope Scope => RunbookScope.Gateway;

    public override IReadOnlyList<RunbookParameter> Parameters { get; } =
        [new(WaitForStabilityActions.GoodProbes, "how many good probes in a row are stable, 1 to 100; 3 when left out", Required: false)];

    protected override Func<WaitForStabilityActions, Preparation> Prepare => _ => WaitForStabilityActions.PrepareAsync;

    [Function(nameof(WaitForStability))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
