using System.Text.Json.Serialization;

namespace WhatsOps.Runbooks;

/// <summary>Where one phase of one step stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepStatus>))]
public enum StepStatus
{
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>An attempt has begun; after a crash nobody knows whether it acted.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Not yet true, or to be tried again.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>A person did not do it in time, and the run goes on without.</summary>
    [JsonStringEnumMemberName("unanswered")]
    Unanswered,

    [JsonStringEnumMemberName("failed")]
    Failed,
}
