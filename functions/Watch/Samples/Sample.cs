namespace WhatsOps.Watch;

/// <summary>One value of a series.</summary>
internal readonly record struct Sample(DateTimeOffset At, double Value);
