using WhatsOps.Fleet;

namespace WhatsOps.Routines;

/// <summary>A routine's own hours in a system: those of the fleet file, else the routine's default.</summary>
internal static class RoutineClock
{
    /// <summary>Five-field cron, or <c>off</c>.</summary>
    public static string Schedule(FleetSystem system, IRoutine routine) => system.Schedules.GetValueOrDefault(routine.Name, routine.DefaultSchedule);

    /// <summary>Null: it is off.</summary>
    public static RoutineSchedule? Of(FleetSystem system, IRoutine routine) =>
        RoutineSchedule.Parse(Schedule(system, routine), TimeZoneInfo.FindSystemTimeZoneById(system.TimeZone));
}
