namespace WhatsOps.Watch;

/// <summary>A line of a container's output.</summary>
/// <param name="At">By the engine's clock.</param>
internal readonly record struct LogLine(DateTimeOffset At, string Text);
