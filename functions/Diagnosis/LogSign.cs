namespace WhatsOps.Diagnosis;

/// <summary>What a gateway's log said last of why an instance is not connected .</summary>
internal enum LogSign
{
    /// <summary>Nothing, or that it connected.</summary>
    None,

    /// <summary>WhatsApp has banned the number for a time.</summary>
    Banned,

    /// <summary>Another client took the session over.</summary>
    Replaced,

    /// <summary>The device was removed: only pairing again helps.</summary>
    Removed,

    /// <summary>QR codes were shown, and nobody scanned one in time.</summary>
    QrTimeout,

    /// <summary>WhatsApp refuses the gateway's version.</summary>
    Outdated,
}
