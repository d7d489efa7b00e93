using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>
/// Restores a database of a backup set (R-222, R-223, R-299…R-302). The manuals loaded the dump into the live schema; here it goes into a new database
/// beside the old one while the product works, and only their names are exchanged while it stands still. The old one is kept: it is the way back, and
/// what was written since the set was made is in it.
/// </summary>
public sealed class RestoreDatabase : Restore<RestoreDatabaseActions>
{
    public const string RunbookName = "restore-database";

    private static readonly IReadOnlyList<RunbookParameter> Asked =
    [
        SetParameter,
        new(RestorePlan.Part, "the name of the part that holds the database; the only one when left out", Required: false),
        new(RestoreDatabaseActions.Into, "the name of a new database beside the old one, which is then not replaced: to look something up, or for chosen tables", Required: false) { Pattern = "[a-z_][a-z0-9_]{0,62}" },
        new(RestoreDatabaseActions.Safety, "no, to go without a safety backup of what there is", Required: false) { Pattern = "no" },
    ];

    private static readonly IReadOnlyList<Step> Declaration =
    [
        CheckSet,
        Choose("safety", "Whether what there is now is backed up first", _ => RestoreDatabaseActions.SafetyAsync,
            (RestoreDatabaseActions.Yes, SafetyBackup),
            (RestoreDatabaseActions.No, [])),
        Do("restore", "Restore {rows} rows into the new database {replacement} and compare every table ({lastTime})", a => a.RestoreAsync, Effect.Reversible,
            Undo("Drop {replacement}", a => a.DropAsync, "DROP DATABASE {replacement}"),
            "CREATE DATABASE {replacement} ON {server}", "psql < {partName}", "SELECT count(*) FROM each table") with { AtMost = TimeSpan.FromHours(12) },
        Choose("use", "Whether it takes the place of {database}", _ => RestoreDatabaseActions.UseAsync,
            (RestoreDatabaseActions.Replace,
            [
                StopProduct("Somebody stops what writes into {database}", "Stop the product: what writes into the database until the names are exchanged is left in the old one. Then confirm."),
                Do("swap", "Name {database} {aside}, and {replacement} {database}; open connections are ended ({currentSize} now)", a => a.SwapAsync, Effect.Reversible,
                    Undo("Give the old one its name back", a => a.SwapBackAsync, "ALTER DATABASE {database} RENAME TO {replacement}", "ALTER DATABASE {aside} RENAME TO {database}"),
                    "ALTER DATABASE {database} RENAME TO {aside}", "ALTER DATABASE {replacement} RENAME TO {database}"),
                StartProduct("Start the product, then confirm. No answer takes the exchange back."),
                WaitUntil("verify", "Wait until it accepts the product's own user, its probes answer, and the gateways list their instances ({instances})", a => a.IsWellAsync, Pace.Seconds(5, 30), TimeSpan.FromMinutes(10),
                    "SELECT from {database}", "GET /instance/fetchInstances of each gateway"),
            ]),
            (RestoreDatabaseActions.Beside, [])),
    ];

    public override string Name => RunbookName;

    public override int Version => 1;

    public override string Orchestrator => nameof(RestoreDatabase);

    public override string Summary => "Puts a database back as a backup set has it, after a safety backup; the old one is kept beside it and is the way back.";

    public override IReadOnlyList<RunbookParameter> Parameters => Asked;

    public override IReadOnlyList<Step> Steps => Declaration;

    protected override Func<RestoreDatabaseActions, Preparation> Prepare => a => a.PrepareAsync;

    [Function(nameof(RestoreDatabase))]
    public Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context) => RunbookMotor.RunAsync(context, this);
}
