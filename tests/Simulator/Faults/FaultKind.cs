using System.Text.Json.Serialization;

namespace WhatsOps.Simulator;

/// <summary>How a gateway misbehaves.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>Never answers; the connection stays open until the caller gives up.</summary>
    Hang,

    /// <summary>Cuts the connection.</summary>
    Reset,

    /// <summary>Answers <see cref="Fault.Status"/> (500 when not set) in the gateway's envelope.</summary>
    Status,

    /// <summary>Answers 200 with valid JSON of a shape nobody expects.</summary>
    WrongJson,

    /// <summary>Answers the right JSON, cut in the middle.</summary>
    TruncatedJson,

    /// <summary>Answers rightly, but after <see cref="Fault.Delay"/>, in real time.</summary>
    Slow,

    /// <summary>Answers 200 with <see cref="Fault.Bytes"/> bytes of JSON.</summary>
    HugeBody,

    /// <summary>Answers success without acting.</summary>
    Pretend,

    /// <summary>Webhooks only: a proxy answers 302; the gateway counts the event as delivered and it is lost.</summary>
    WebhookRedirect,

    /// <summary>Webhooks only: the event is never sent.</summary>
    WebhookSilence
}
