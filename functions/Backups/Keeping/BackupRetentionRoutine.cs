using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Backups;

/// <summary>Routine <c>backup-retention</c> (R-217, R-298, R-412).</summary>
internal sealed class BackupRetentionRoutine(BackupPruning pruning) : IRoutine
{
    public string Name => "backup-retention";

    public string Summary => "Deletes the backup sets whose time is over";

    public string DefaultSchedule => "30 5 * * *";

    public bool AppliesTo(FleetSystem system) => system.Backup is not null;

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var verdicts = await pruning.PruneAsync(call.System.Name, dryRun: false, cancellation);
        var over = verdicts.Where(verdict => verdict.IsOver).ToArray();
        return new(true, string.Create(CultureInfo.InvariantCulture, $"{over.Length} sets of {over.Sum(verdict => verdict.Bytes) / 1e6:N1} MB deleted, {verdicts.Count - over.Length} kept."), verdicts);
    }
}
