using System.Text.Json.Serialization;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>One message to one route. What is stored of it holds no secret and is the same at every attempt.</summary>
/// <param name="Severity"><c>critical</c>, <c>warning</c> or <c>info</c>.</param>
/// <param name="Text">The headline .</param>
public sealed record AlertMessage(string Severity, DateTimeOffset Timestamp, string Service, string Text, IReadOnlyList<AlertField> Fields)
{
    public string System { get; init; } = "";

    /// <summary>What has happened, without severity and system.</summary>
    public string Title { get; init; } = "";

    public Language Language { get; init; }

    public IReadOnlyList<AlertedFinding> Findings { get; init; } = [];

    /// <summary>Why it comes here although it was for another route.</summary>
    public string? Note { get; init; }

    /// <summary>Made anew at every attempt: it may be used by whoever holds it, so it is never stored.</summary>
    [JsonIgnore]
    public string? AcknowledgeUrl { get; init; }
}
