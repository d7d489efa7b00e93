using System.Text.Json.Serialization;
using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Findings;

/// <summary>The one currency: what is wrong, where, how bad, since when, and the remedy that would fix it.</summary>
public sealed record Finding(
    long Id,
    string Kind,
    string Check,
    string System,
    string? Gateway,
    string? Tenant,
    string? Instance,
    Severity Severity,
    FindingState State,
    string Cause,
    IReadOnlyDictionary<string, string> Evidence,
    string? Remedy,
    DateTimeOffset OpenedAt,
    DateTimeOffset LastSeenAt,
    DateTimeOffset? ClosedAt,
    DateTimeOffset? SilencedUntil,
    string? ChangedBy,
    string? Reason)
{
    /// <summary>What it is about, where one place may have several findings of its kind; null: the place says it all.</summary>
    public string? Subject { get; init; }

    /// <summary>The closed finding that this one reopened; null the first time.</summary>
    public long? PreviousId { get; init; }

    /// <summary>The traceparent of the span in which it opened; null when nobody traced. Its remedy goes on from there.</summary>
    [JsonIgnore]
    public string? Trace { get; init; }

    /// <summary>What to type before what there is to see is gone; null: nothing in particular.</summary>
    public string? NextCommand => SecurityFindings.EvidenceOf(this);

    /// <summary>What to look for in the tracing backend: 32 hex digits; null when nobody traced.</summary>
    public string? TraceId => Traces.IdOf(Trace);
}
