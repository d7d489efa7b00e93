namespace WhatsOps.Cli.Api;

/// <summary>One entry of a finding's history as the API tells it.</summary>
internal sealed record FindingChangeView(DateTimeOffset At, string Change, string? By, string? Reason);
