using System.Text.Json.Serialization;

namespace WhatsOps.Runbooks;

/// <summary>What of a step is being carried out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Phase>))]
public enum Phase
{
    [JsonStringEnumMemberName("act")]
    Act,

    /// <summary>Looks whether something has come true.</summary>
    [JsonStringEnumMemberName("probe")]
    Probe,

    [JsonStringEnumMemberName("compensate")]
    Compensate,
}
