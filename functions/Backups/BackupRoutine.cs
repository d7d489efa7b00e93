using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Backups;

/// <summary>Routine <c>backup</c> (R-212: 03:00 every day): opens a set; its parts are made outside the routine, however long they take.</summary>
internal sealed class BackupRoutine(BackupDesk desk) : IRoutine
{
    public string Name => "backup";

    public string Summary => "Makes a backup set of the system's databases and the fleet file";

    public string DefaultSchedule => "0 3 * * *";

    public bool AppliesTo(FleetSystem system) => system.Backup is not null;

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        try
        {
            var set = await desk.RequestAsync(call.System.Name, call.RequestedBy, cancellation);
            return new(true, $"Set {set.Id} is being made; whatsops backups tells how it goes.");
        }
        catch (ProblemException problem)
        {
            return new(false, problem.Message);
        }
    }
}
