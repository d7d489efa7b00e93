namespace WhatsOps.Routines;

/// <summary>A routine of one system: what it does, when, and how the last run went.</summary>
/// <param name="Schedule">Cron in the system's time zone, or <c>off</c>.</param>
/// <param name="Running">True while some process carries it out.</param>
public sealed record RoutineView(
    string System, string Routine, string Summary, string Schedule, string TimeZone, DateTimeOffset? NextAt, bool Running, RoutineRun? LastRun);
