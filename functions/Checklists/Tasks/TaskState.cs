using System.Text.Json.Serialization;

namespace WhatsOps.Checklists;

/// <summary>Life of a task.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaskState>))]
public enum TaskState
{
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Open again at a time.</summary>
    [JsonStringEnumMemberName("postponed")]
    Postponed,
    [JsonStringEnumMemberName("done")]
    Done,
    [JsonStringEnumMemberName("not_applicable")]
    NotApplicable,
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>A daily one that nobody did before the next came.</summary>
    [JsonStringEnumMemberName("missed")]
    Missed,
}
