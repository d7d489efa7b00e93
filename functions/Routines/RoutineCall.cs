using WhatsOps.Fleet;

namespace WhatsOps.Routines;

/// <summary>One call of a routine.</summary>
/// <param name="System">The system as the fleet file in force describes it.</param>
/// <param name="Due">The time it was due, or now when a person asked: windows of reports end here, so a late run reports the same window.</param>
/// <param name="RequestedBy">The operator who asked; null when the clock did.</param>
public sealed record RoutineCall(FleetSystem System, DateTimeOffset Due, string? RequestedBy)
{
    /// <summary>The system's time zone.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(System.TimeZone);
}
