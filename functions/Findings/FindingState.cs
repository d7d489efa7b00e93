using System.Text.Json.Serialization;

namespace WhatsOps.Findings;

/// <summary>Life of a finding.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FindingState>))]
public enum FindingState
{
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Somebody has it; no reminders, but a worse severity is told.</summary>
    [JsonStringEnumMemberName("acknowledged")]
    Acknowledged,

    /// <summary>Not told until a time.</summary>
    [JsonStringEnumMemberName("silenced")]
    Silenced,

    /// <summary>Known and accepted, with a reason.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    [JsonStringEnumMemberName("closed")]
    Closed,
}
