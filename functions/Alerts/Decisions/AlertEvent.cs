using System.Text.Json.Serialization;

namespace WhatsOps.Alerts;

/// <summary>Why somebody is told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AlertEvent>))]
public enum AlertEvent
{
    [JsonStringEnumMemberName("opened")]
    Opened,
    [JsonStringEnumMemberName("worsened")]
    Worsened,

    /// <summary>A reminder after the cooldown.</summary>
    [JsonStringEnumMemberName("still_open")]
    StillOpen,

    /// <summary>Nobody has acknowledged; the next level is told.</summary>
    [JsonStringEnumMemberName("escalated")]
    Escalated,
    [JsonStringEnumMemberName("recovered")]
    Recovered,
}
