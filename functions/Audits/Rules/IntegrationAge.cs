namespace WhatsOps.Audits;

/// <summary>How the manual names the state of a tenant's integration row .</summary>
internal enum IntegrationAge
{
    /// <summary>No WhatsApp row: healthy, nobody wants it.</summary>
    None,
    Active,
    Inactive,

    /// <summary>Not updated for longer than the threshold; wins over active.</summary>
    Stale,
}
