namespace WhatsOps.Fleet;

/// <summary>A fleet file that was refused while an older one stays in force.</summary>
public sealed record FleetRejection(DateTimeOffset At, string By, IReadOnlyList<FleetProblem> Problems);
