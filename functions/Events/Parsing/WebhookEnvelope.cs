namespace WhatsOps.Events;

/// <summary>What the receiver reads from a body; the rest stays in the body.</summary>
internal sealed class WebhookEnvelope
{
    /// <summary>Dotted; null when neither body nor address names one.</summary>
    public string? Event { get; set; }

    public string? Instance { get; set; }

    /// <summary>Evolution's date_time as it stands there: wall clock labelled Z. TurboZap's timestamp: a true time.</summary>
    public DateTimeOffset? GatewayTime { get; set; }

    /// <summary>Only of state events.</summary>
    public string? State { get; set; }

    /// <summary>Status or disconnection code of a state or QR event.</summary>
    public int? Reason { get; set; }

    /// <summary>True when the event shows a QR code.</summary>
    public bool IsQrCode { get; set; }

    /// <summary>WhatsApp's id of the message; only of message events.</summary>
    public string? MessageId { get; set; }

    /// <summary>Why the body could not be read to its end; null when it could.</summary>
    public string? Problem { get; set; }

    /// <summary>Same event, same key. Null when the body has no date_time: nothing then tells a repetition from a second event.</summary>
    public Guid? Key { get; set; }

    /// <summary>Where the values of apikey and api_key stand in the body, in order.</summary>
    public List<(int Start, int End)> Keys { get; } = [];

    /// <summary>Keyed hashes of the phone numbers in the body, each once.</summary>
    public List<long> Phones { get; } = [];
}
