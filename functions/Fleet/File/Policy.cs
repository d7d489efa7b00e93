using System.Text.Json.Serialization;

namespace WhatsOps.Fleet;

/// <summary>What may happen when a finding names a remedy.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Policy>))]
public enum Policy
{
    /// <summary>Nothing is touched; the default.</summary>
    [JsonStringEnumMemberName("observe")]
    Observe,

    /// <summary>A run is planned and waits for a named approver.</summary>
    [JsonStringEnumMemberName("approve")]
    Approve,

    /// <summary>The remedy starts by itself, within the budget and outside maintenance windows; one that costs a pairing still waits for an approver.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,
}
