namespace WhatsOps.Gateways;

/// <summary>The state of one WhatsApp session, over all gateway families.</summary>
public enum InstanceState
{
    Open,
    Connecting,
    Close,

    /// <summary>The QR limit was reached; Evolution says so only by webhook.</summary>
    Refused,

    /// <summary>Known to the gateway's database but not loaded: Evolution's connectionState has no <c>state</c> then. Not close.</summary>
    NotLoaded,

    /// <summary>
    /// A device is paired, and whether its connection lives is not known: all that TurboZap's API tells of it. Neither healthy nor down; where the
    /// gateway's database is named and answers, it becomes another state.
    /// </summary>
    Paired,

    /// <summary>A word we do not know.</summary>
    Unknown,
}
