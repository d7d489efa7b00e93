namespace WhatsOps.Alerts;

/// <summary>How far an incident explains others.</summary>
internal enum InhibitionScope
{
    /// <summary>Findings on the same gateway of the same system.</summary>
    Gateway,

    /// <summary>Findings of the same system.</summary>
    System,
}
