using System.Text.Json.Serialization;

namespace WhatsOps.Simulator;

/// <summary>How WhatsApp's servers look from the gateway.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WhatsAppReachability>))]
public enum WhatsAppReachability
{
    Normal,

    /// <summary>Connections are refused at once: every connected instance storms "connecting" events and REST says close.</summary>
    Refused,

    /// <summary>Connections hang: REST says connecting, one event every 30 s, fetchInstances still tells the last state.</summary>
    Silent
}
