namespace WhatsOps.Fleet;

/// <summary>One line of the fleet's history.</summary>
public sealed record AppliedFleet(long Version, DateTimeOffset AppliedAt, string AppliedBy, string Changes);
