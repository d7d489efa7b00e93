using WhatsOps.Fleet;
using WhatsOps.Routines;

namespace WhatsOps.Events;

/// <summary>Routine <c>lost-event-audit</c>: the day that ended when it was due.</summary>
internal sealed class LostEventRoutine(LostEventAudit audit) : IRoutine
{
    // A little more than a day, so that no hour falls between two runs.
    private static readonly TimeSpan Window = TimeSpan.FromHours(25);

    public string Name => "lost-event-audit";

    public string Summary => "Compares the messages that the gateways stored with the events that came, and tells of those that were lost";

    public string DefaultSchedule => "0 5 * * *";

    public bool AppliesTo(FleetSystem system) => LostEventAudit.AppliesTo(system);

    public async Task<RoutineOutcome> RunAsync(RoutineCall call, CancellationToken cancellation)
    {
        var audits = await audit.RunAsync(call.System, call.Due - Window, call.Due, cancellation);
        var (compared, missing, blind) = (audits.Sum(one => one.Compared), audits.Sum(one => one.Missing.Count), audits.Count(one => one.Problem is not null));
        return new(
            blind == 0,
            $"{missing} of {compared} messages of {audits.Count} instances were lost{(blind == 0 ? "" : $"; {blind} instances could not be looked at")}.",
            audits.Select(one => new { one.Gateway, one.Tenant, one.Instance, one.Compared, missing = one.Missing.Count, one.Problem }));
    }
}
