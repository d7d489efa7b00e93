using System.Text.Json.Serialization;

namespace WhatsOps.Backups;

/// <summary>Where a set stands in its life.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BackupState>))]
public enum BackupState
{
    /// <summary>Asked for; its orchestration is not seen yet, or at work.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Every part is stored, its stored bytes were read back, its manifest is written.</summary>
    [JsonStringEnumMemberName("complete")]
    Complete,

    /// <summary>Given up; nothing of it is left in storage.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Its time was over.</summary>
    [JsonStringEnumMemberName("deleted")]
    Deleted,
}
