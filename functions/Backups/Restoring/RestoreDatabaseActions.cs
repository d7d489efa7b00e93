using System.Globalization;
using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;

namespace WhatsOps.Backups;

/// <summary>The steps of <see cref="RestoreDatabase"/>.</summary>
public sealed class RestoreDatabaseActions(IServiceProvider services) : RestoreActions(services)
{
    internal const string Into = "into";
    internal const string Safety = "safety";
    internal const string Yes = "yes";
    internal const string No = "no";
    internal const string Replace = "replace";
    internal const string Beside = "beside";

    private TimeProvider Time => Get<TimeProvider>();

    internal Task<RunTarget> PrepareAsync(FleetSystem system, RunTarget target, CancellationToken cancellation) => Plan.DatabaseAsync(system, target, cancellation);

    internal static Task<StepResult> SafetyAsync(StepContext step, CancellationToken cancellation) => Task.FromResult(
        IsGiven(step, Into) ? StepResult.Chose(No, "Nothing is replaced.")
        : IsLost(step) ? StepResult.Chose(No, "There is nothing left to back up.")
        : IsGiven(step, Safety) ? StepResult.Chose(No, "The run was asked for without one.")
        : StepResult.Chose(Yes, "The present state is backed up first."));

    internal Task<StepResult> RestoreAsync(StepContext step, CancellationToken cancellation) => TryAsync(async () =>
    {
        var (set, part) = await FindAsync(step, cancellation);
        var (server, name) = (Server(step), Fact(step, "replacement"));
        var began = Time.GetTimestamp();
        await Get<DatabaseRestore>().RunAsync(set, part, server, name, Maker(step), Fact(step, "database"), cancellation);
        var rows = part.Counts.Values.Sum();
        return StepResult.Done(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows in {part.Counts.Count} tables, as in the snapshot, after {Time.GetElapsedTime(began).TotalSeconds:N0} s."),
            ("database", name), ("rows", rows.ToString(CultureInfo.InvariantCulture)));
    });

    internal Task<StepResult> DropAsync(StepContext step, CancellationToken cancellation) => TryAsync(async () =>
    {
        await NewDatabase.DropAsync(Server(step), Fact(step, "replacement"), Maker(step), cancellation);
        return StepResult.Done($"{Fact(step, "replacement")} is gone.");
    });

    internal static Task<StepResult> UseAsync(StepContext step, CancellationToken cancellation) => Task.FromResult(
        IsGiven(step, Into) ? StepResult.Chose(Beside, $"It stays beside the old one as {Fact(step, "replacement")}.") : StepResult.Chose(Replace, $"It becomes {Fact(step, "database")}."));

    internal Task<StepResult> SwapAsync(StepContext step, CancellationToken cancellation) => TryAsync(async () =>
    {
        await DatabaseSwap.ForwardAsync(Server(step), Fact(step, "database"), Fact(step, "replacement"), Fact(step, "aside"), IsLost(step), cancellation);
        return StepResult.Done(IsLost(step) ? $"The restored database is {Fact(step, "database")}." : $"The restored database is {Fact(step, "database")}; the old one is kept as {Fact(step, "aside")}: drop it when nobody misses anything.",
            ("kept", IsLost(step) ? "-" : Fact(step, "aside")));
    });

    internal Task<StepResult> SwapBackAsync(StepContext step, CancellationToken cancellation) => TryAsync(async () =>
    {
        await DatabaseSwap.BackAsync(Server(step), Fact(step, "database"), Fact(step, "replacement"), Fact(step, "aside"), cancellation);
        return StepResult.Done(IsLost(step) ? "There was no old database: the restored one stays." : $"The old database is {Fact(step, "database")} again.");
    });

    internal Task<StepResult> IsWellAsync(StepContext step, CancellationToken cancellation) => TryAsync(() => ProveAsync(step, Server(step), cancellation));

    private static string Maker(StepContext step) => $"whatsops run {step.RunId}";

    private static bool IsLost(StepContext step) => Fact(step, "currentSize") == RestorePlan.Lost;

    // The approval is for one database on one server, whatever the fleet file calls so by now.
    private NpgsqlConnectionStringBuilder Server(StepContext step)
    {
        var database = step.System.Backup?.Databases.FirstOrDefault(database => database.Name == Fact(step, "partName"))
            ?? throw new BackupException($"The fleet file no longer names the database {Fact(step, "partName")}.", isLasting: true);
        var server = Sources.Target(database);
        return RestorePlan.Address(server) == Fact(step, "server") && server.Database == Fact(step, "database") ? server
            : throw new BackupException($"The fleet file has another address for the database {database.Name} than when the plan was made: plan again.", isLasting: true);
    }
}
