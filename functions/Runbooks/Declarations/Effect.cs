using System.Text.Json.Serialization;

namespace WhatsOps.Runbooks;

/// <summary>What a step does to the world, as the plan tells it before the run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Effect>))]
public enum Effect
{
    /// <summary>Only looks, or writes into WhatsOps' own store.</summary>
    [JsonStringEnumMemberName("reads")]
    Reads,

    /// <summary>Its compensation puts back what was, or it passes by itself (a restart).</summary>
    [JsonStringEnumMemberName("reversible")]
    Reversible,

    /// <summary>Nothing is lost but the pairing: a person must scan a QR code again.</summary>
    [JsonStringEnumMemberName("needs_pairing")]
    NeedsPairing,

    /// <summary>Cannot be taken back; the first such step is the plan's point of no return.</summary>
    [JsonStringEnumMemberName("irreversible")]
    Irreversible,
}
