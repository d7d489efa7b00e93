namespace WhatsOps.Fleet;

/// <summary>A recurring time in the system's time zone in which WhatsOps does not alert and begins nothing that nobody asked for.</summary>
public sealed record MaintenanceWindow
{
    /// <summary>Days of the week, English names; empty means every day.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>Local start, <c>HH:mm</c>.</summary>
    public required TimeOnly From { get; init; }

    /// <summary>Local end, <c>HH:mm</c>; before <see cref="From"/> means the next day.</summary>
    public required TimeOnly To { get; init; }

    /// <summary>Slugs of the tenants that it is for, exactly; empty means the whole system.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];
}
