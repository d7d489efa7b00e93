namespace WhatsOps.Watch;

/// <summary>Which series of a system: the target, the metric, and what of the target it is of.</summary>
internal readonly record struct SeriesKey(string Target, string Metric, string Subject);
