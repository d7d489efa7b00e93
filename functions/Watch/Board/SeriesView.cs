namespace WhatsOps.Watch;

/// <summary>The newest value of one series.</summary>
public sealed record SeriesView(string Metric, string Subject, DateTimeOffset At, double Value);
