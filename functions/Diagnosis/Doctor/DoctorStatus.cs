using System.Text.Json.Serialization;

namespace WhatsOps.Diagnosis;

/// <summary>What doctor thinks of one thing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DoctorStatus>))]
public enum DoctorStatus
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Works, but will bite.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("failed")]
    Failed,
}
