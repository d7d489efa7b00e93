namespace WhatsOps.Alerts;

/// <summary>A message about a finding that arrived.</summary>
/// <param name="Who">The route, and the level of an escalation in brackets.</param>
internal sealed record Telling(DateTimeOffset At, string Who);
