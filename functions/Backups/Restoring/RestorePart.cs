using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>Restores Redis keys, files or objects of a backup set. The way back is the safety backup that it makes first, always.</summary>
public sealed class RestorePart : Runbook<RestorePartActions>
{
    public const string RunbookName = "restore-part";

    private static readonly IReadOnlyList<RunbookParameter> Asked =
    [
        new(RestorePlan.Set, "the id of the backup set; the newest complete one when left out", Required: false) { Pattern = "[0-9a-fA-F-]{36}" },
        new(RestorePlan.Part, "the name of the part: Redis keys, files or objects; the only one when left out", Required: false),
    ];

    private static readonly IReadOnlyList<Step> Declaration =
    [
        Do("check-set", "Read every stored byte of {partName} of set {setId} (taken {taken}) back and compare", a => a.CheckSetAsync),
        Do("begin-backup", "Begin a backup of {system}", a => a.BeginBackupAsync, calls: "POST /api/backups") with { AtMost = TimeSpan.FromHours(12) },
        WaitUntil("await-backup", "Wait until it is complete and read back", a => a.IsBackedUpAsync, Pace.Seconds(2, 30), TimeSpan.FromHours(12)),
        Choose("how-to-stop", "How the product is stopped", _ => RestoreActions.HowAsync,
            (RestoreActions.Services,
            [
                Do("stop", "Stop {services}", a => a.StopAsync, Effect.Reversible, Undo("Start them again", a => a.StartAsync, "POST /containers/{services}/start"), "POST /containers/{services}/stop"),
            ]),
            (RestoreActions.People,
            [
                AskHuman("stop-by-hand", "Somebody stops what writes into {place}", "Stop the product, so that it does not write over what is put back. Then confirm.", TimeSpan.FromHours(2)),
            ])),
        Do("put-back", "Put {place} back as the set has it", a => a.PutBackAsync, Effect.Reversible, Undo("Put back what the safety backup has", a => a.TakeBackAsync, "RESTORE, UNLINK, PUT archive or PutObject: {place}"), "RESTORE, UNLINK, PUT archive or PutObject: {place}") with { AtMost = TimeSpan.FromHours(12) },
        Choose("how-to-start", "How the product is started", _ => RestoreActions.HowAsync,
            (RestoreActions.Services,
            [
                Do("start", "Start {services}", a => a.StartAsync, Effect.Reversible, Undo("Stop them", a => a.StopAsync, "POST /containers/{services}/stop"), "POST /containers/{services}/start"),
            ]),
            (RestoreActions.People,
            [
                AskHuman("start-by-hand", "Somebody starts the product", "Start the product, then confirm. No answer takes everything back.", TimeSpan.FromHours(2)),
            ])),
        WaitUntil("verify", "Wait until its containers run and the gateways list their instances ({instances})", a => a.IsWellAsync, Pace.Seconds(5, 30), TimeSpan.FromMinutes(10), "GET /instance/fetchInstances of each gateway"),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(RestorePart);

    public override string Summary => "Puts Redis keys, files or objects back as a backup set has them, after a safety backup that is the way back.";

    public override IReadOnlyList<RunbookParameter> Parameters => Asked;

    public override IReadOnlyList<Step> Steps => Declaration;

    public override RunbookScope Scope => RunbookScope.System;

    /// <summary>What was written since the set was made is then only in the safety backup: a second person agrees.</summary>
    public override bool IsDestructive => true;

    protected override Func<RestorePartActions, Preparation> Prepare => a => a.PrepareAsync;

    [Function(nameof(RestorePart))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
