namespace WhatsOps.Watch;

/// <summary>A type of error in the log of a container within an hour .</summary>
/// <param name="Type">What lines of it have in common: no number, no secret.</param>
public sealed record DashboardError(string Target, string Type, long Count);
