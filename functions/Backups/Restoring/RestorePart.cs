using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>Restores Redis keys, files or objects of a backup set. The way back is the safety backup that it makes first, always.</summary>
public sealed class RestorePart : Restore<RestorePartActions>
{
    public const string RunbookName = "restore-part";

    private static readonly IReadOnlyList<RunbookParameter> Asked =
    [
        SetParameter,
        new(RestorePlan.Part, "the name of the part: Redis keys, files or objects; the only one when left out", Required: false),
    ];

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckSet,
        .. SafetyBackup,
        StopProduct("Somebody stops what writes into {place}", "Stop the product, so that it does not write over what is put back. Then confirm."),
        Do("put-back", "Put {place} back as the set has it", a => a.PutBackAsync, Effect.Reversible, Undo("Put back what the safety backup has", a => a.TakeBackAsync, "RESTORE, UNLINK, PUT archive or PutObject: {place}"), "RESTORE, UNLINK, PUT archive or PutObject: {place}") with { AtMost = TimeSpan.FromHours(12) },
        StartProduct("Start the product, then confirm. No answer takes everything back."),
        WaitUntil("verify", "Wait until its containers run and the gateways list their instances ({instances})", a => a.IsWellAsync, Pace.Seconds(5, 30), TimeSpan.FromMinutes(10), "GET /instance/fetchInstances of each gateway"),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(RestorePart);

    public override string Summary => "Puts Redis keys, files or objects back as a backup set has them, after a safety backup that is the way back.";

    public override IReadOnlyList<RunbookParameter> Parameters => Asked;

    public override IReadOnlyList<Step> Steps => Declaration;

    protected override Func<RestorePartActions, Preparation> Prepare => a => a.PrepareAsync;

    [Function(nameof(RestorePart))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
