namespace WhatsOps.Cli.Api;

/// <summary>A finding as the API tells it.</summary>
internal sealed record FindingView(
    long Id,
    string Kind,
    string System,
    string? Gateway,
    string? Tenant,
    string? Instance,
    string Severity,
    string State,
    string Cause,
    IReadOnlyDictionary<string, string>? Evidence,
    string? Remedy,
    DateTimeOffset? OpenedAt,
    DateTimeOffset? LastSeenAt,
    DateTimeOffset? ClosedAt,
    DateTimeOffset? SilencedUntil,
    string? ChangedBy,
    string? Reason,
    IReadOnlyList<FindingChangeView>? History = null,
    string? NextCommand = null);
