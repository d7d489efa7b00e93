namespace WhatsOps.Watch;

/// <summary>A line of a container's log as a person may see it: secrets and phone numbers are hidden.</summary>
/// <param name="Level">error, warning, debug or other.</param>
public sealed record ShownLine(DateTimeOffset At, string Level, string Text);
