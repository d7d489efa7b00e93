namespace WhatsOps.Reports;

/// <summary>The calls of one day of the system's time zone.</summary>
public sealed record DayCalls(DateOnly Day, long Requests, long Failures);
