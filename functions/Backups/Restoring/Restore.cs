using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>What the runbooks of restores have in common: a backup set, a safety backup, a product that stands still meanwhile, and a second person.</summary>
public abstract class Restore<TActions> : Runbook<TActions>
    where TActions : RestoreActions
{
    public sealed override RunbookScope Scope => RunbookScope.System;

    /// <summary>Every step can be taken back, and yet the product loses sight of what was written since the set was made: a second person agrees.</summary>
    public sealed override bool IsDestructive => true;

    protected static RunbookParameter SetParameter { get; } = new(RestorePlan.Set, "the id of the backup set; the newest complete one when left out", Required: false) { Pattern = "[0-9a-fA-F-]{36}" };

    protected static Step CheckSet { get; } = Do("check-set", "Read every stored byte of {partName} of set {setId} (taken {taken}) back and compare", a => a.CheckSetAsync);

    protected static IReadOnlyList<Step> SafetyBackup { get; } =
    [
        Do("begin-backup", "Begin a backup of {system}", a => a.BeginBackupAsync, calls: "POST /api/backups") with { AtMost = TimeSpan.FromHours(12) },
        WaitUntil("await-backup", "Wait until it is complete and read back", a => a.IsBackedUpAsync, Pace.Seconds(2, 30), TimeSpan.FromHours(12)),
    ];

    protected static Step StopProduct(string title, string request) => Choose("how-to-stop", "How the product is stopped", _ => RestoreActions.HowAsync,
        (RestoreActions.Services,
        [
            Do("stop", "Stop {services}", a => a.StopAsync, Effect.Reversible, Undo("Start them again", a => a.StartAsync, "POST /containers/{services}/start"), "POST /containers/{services}/stop"),
        ]),
        (RestoreActions.People, [AskHuman("stop-by-hand", title, request, TimeSpan.FromHours(2))]));

    protected static Step StartProduct(string request) => Choose("how-to-start", "How the product is started", _ => RestoreActions.HowAsync,
        (RestoreActions.Services,
        [
            Do("start", "Start {services}", a => a.StartAsync, Effect.Reversible, Undo("Stop them", a => a.StopAsync, "POST /containers/{services}/stop"), "POST /containers/{services}/start"),
        ]),
        (RestoreActions.People, [AskHuman("start-by-hand", "Somebody starts the product", request, TimeSpan.FromHours(2))]));
}
