namespace WhatsOps.Watch;

/// <summary>A number of a reading. It is stored as a sample, and rules compare it.</summary>
/// <param name="Metric">Dotted, lower-case, with the unit at its end where it has one: <c>redis.memory.used.bytes</c>. docs/watch.md lists all.</param>
/// <param name="Subject">What of the target it is of: a queue, a status; empty: the target.</param>
internal sealed record Measure(string Metric, double Value, string Subject = "");
