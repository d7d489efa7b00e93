namespace WhatsOps.Cli.Api;

/// <summary>A target of the watch as the API gives it.</summary>
internal sealed record WatchTargetView(string System, string Target, string? Outcome, string? Words, double? Availability, double? P99);
