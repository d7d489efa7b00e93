using System.Text.Json.Serialization;

namespace WhatsOps.Incidents;

/// <summary>What became of one part of the evidence. One that could not be had is named with its reason.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EvidenceOutcome>))]
public enum EvidenceOutcome
{
    /// <summary>It is in the archive, whole.</summary>
    [JsonStringEnumMemberName("collected")]
    Collected,

    /// <summary>It is in the archive, but not all of it; <see cref="EvidencePart.Words"/> say what is missing.</summary>
    [JsonStringEnumMemberName("cut")]
    Cut,

    /// <summary>There is no such container or file.</summary>
    [JsonStringEnumMemberName("absent")]
    Absent,

    /// <summary>Who keeps it refuses it.</summary>
    [JsonStringEnumMemberName("unauthorized")]
    Unauthorized,

    /// <summary>Who keeps it does not answer, or not in time.</summary>
    [JsonStringEnumMemberName("unreachable")]
    Unreachable,

    /// <summary>It is there, and too large.</summary>
    [JsonStringEnumMemberName("left_out")]
    LeftOut,
}
