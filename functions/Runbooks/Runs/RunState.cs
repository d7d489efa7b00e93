using System.Text.Json.Serialization;

namespace WhatsOps.Runbooks;

/// <summary>Where a run stands. The states from <see cref="Completed"/> on are final.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    [JsonStringEnumMemberName("waiting_approval")]
    WaitingApproval,

    /// <summary>Approved or started by policy; its orchestration has not begun.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Something is not true yet, or is to be tried again.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    [JsonStringEnumMemberName("waiting_person")]
    WaitingPerson,

    /// <summary>The system or everything is paused; the next step does not begin.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    [JsonStringEnumMemberName("compensating")]
    Compensating,

    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Everything is done and proven but the pairing: nobody scanned the QR code in time.</summary>
    [JsonStringEnumMemberName("needs_pairing")]
    NeedsPairing,

    /// <summary>A step failed and everything that can be taken back has been.</summary>
    [JsonStringEnumMemberName("compensated")]
    Compensated,

    /// <summary>Stopped by an operator before the point of no return, and taken back.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Nobody approved in time, it could not begin in time after the approval, or what it would remedy was over before it began.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>A compensation failed for good: a person must look (finding run_compensation_failed).</summary>
    [JsonStringEnumMemberName("compensation_failed")]
    CompensationFailed,
}
