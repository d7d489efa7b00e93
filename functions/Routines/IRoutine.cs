using WhatsOps.Fleet;

namespace WhatsOps.Routines;

/// <summary>
/// Work that a system has done at its own hours: an audit, a report, a clean-up. A folder registers its routines as <c>IRoutine</c>; the clock,
/// the lease over all processes, catching up, the record and the finding of a failure are here.
/// </summary>
public interface IRoutine
{
    /// <summary>kebab-case; the name in the fleet file's <c>schedules</c>, in routes and in commands. Constant.</summary>
    string Name { get; }

    /// <summary>What it does, one sentence for <c>whatsops routines</c>.</summary>
    string Summary { get; }

    /// <summary>Five-field cron in the system's time zone, used where the fleet file's <c>schedules</c> names no other. The manuals' hours.</summary>
    string DefaultSchedule { get; }

    /// <summary>False: this system has nothing for it, so it is neither due nor listed.</summary>
    bool AppliesTo(FleetSystem system) => true;

    /// <summary>
    /// Does the work once. May be repeated: a process that dies in the middle is followed by another. A sick target is an outcome, not an
    /// exception; an exception is a failed attempt and is tried again.
    /// </summary>
    Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation);
}
