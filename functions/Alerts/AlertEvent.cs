namespace WhatsOps.Alerts;

/// <summary>Why somebody is told.</summary>
internal enum AlertEvent
{
    Opened,
    Worsened,

    /// <summary>A reminder after the cooldown.</summary>
    StillOpen,
    Recovered,
}
