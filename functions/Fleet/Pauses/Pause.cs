namespace WhatsOps.Fleet;

/// <summary>One standing pause. <paramref name="System"/> <c>*</c> is everything.</summary>
public sealed record Pause(string System, string By, string? Reason, DateTimeOffset Since);
