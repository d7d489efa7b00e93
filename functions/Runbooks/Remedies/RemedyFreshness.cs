using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Runbooks;

/// <summary>
/// Whether a finding is recent enough to act on without being asked. What every sweep looks at must have been seen by the last ones. What a routine looks at
/// once a day is no less true an hour later, but an old picture: then only a runbook that looks for the need itself may begin.
/// </summary>
public sealed class RemedyFreshness(IEnumerable<IRoutine> routines, RunbookPatience patience)
{
    private readonly Dictionary<string, IRoutine> _routines = routines.ToDictionary(routine => routine.Name, StringComparer.Ordinal);

    public bool IsOld(Finding finding, DateTimeOffset now) => now - finding.LastSeenAt > patience.FindingFresh;

    public bool Allows(FleetSystem system, Finding finding, Runbook runbook, DateTimeOffset now) =>
        !IsOld(finding, now) || (runbook.ConfirmsNeed && NextLook(system, finding) is { } next && now <= next + patience.RoutineLate);

    // An audit's checks are named audit/{routine}, with a part behind it or not. Null: no routine, or one that is off and so looks when a person asks.
    private DateTimeOffset? NextLook(FleetSystem system, Finding finding) =>
        finding.Check.Split('/') is ["audit", var name, ..] && _routines.TryGetValue(name, out var routine) && routine.AppliesTo(system)
            ? RoutineClock.Of(system, routine)?.Next(finding.LastSeenAt)
            : null;
}
