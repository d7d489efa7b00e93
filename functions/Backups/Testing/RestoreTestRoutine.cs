using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Backups;

/// <summary>Routine <c>restore-test</c>: the newest complete set, every Sunday after the backup (R-123; the manuals ask for it once a month).</summary>
internal sealed class RestoreTestRoutine(BackupCatalogue catalogue, RestoreTest test) : IRoutine
{
    public string Name => "restore-test";

    public string Summary => "Restores the newest backup set into scratch databases, compares the row counts, and drops them";

    public string DefaultSchedule => "0 4 * * 0";

    public bool AppliesTo(FleetSystem system) => system.Backup is not null;

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        if (await catalogue.NewestAsync(call.System.Name, cancellation) is not { } newest)
            return new(false, "There is no complete set to test.");
        var report = await test.RunAsync(newest, call.System.Backup!, cancellation);
        return report.Problem is null
            ? new(true, string.Create(CultureInfo.InvariantCulture, $"Set {report.Set} restores: {report.Tables} tables with {report.Rows:N0} rows are as they were, in {report.Seconds:N1} s."), report)
            : new(false, $"Set {report.Set} does not restore: {report.Problem}", report);
    }
}
