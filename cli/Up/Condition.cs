namespace WhatsOps.Cli.Up;

/// <summary>How a simulated tenant is; docs/simulated-fleet.md says what WhatsOps makes of each.</summary>
internal enum Condition
{
    Healthy,

    /// <summary>The product has the integration, the gateway has no such instance.</summary>
    InstanceMissing,

    /// <summary>The phone removed the linked device: close, reason 401. The gateway never reconnects by itself.</summary>
    LoggedOut,

    /// <summary>The gateway shows QR codes that nobody scans.</summary>
    Connecting,

    /// <summary>fetchInstances says open, connectionState says connecting.</summary>
    ListLies,

    /// <summary>A row of the gateway's database that is not in its memory.</summary>
    NotLoaded,

    /// <summary>The product's page switched the integration off when it saw a disconnection; the instance is open again.</summary>
    InactiveSeenOpen,

    /// <summary>config.instance_name is the bare slug, as the product's first activation leaves it when it fails half-way.</summary>
    WrongInstanceName,

    /// <summary>The integration's config has no instance_name.</summary>
    NoInstanceName,

    /// <summary>A tenant without WhatsApp: healthy.</summary>
    NoIntegration,

    /// <summary>A tenant that left: not looked at.</summary>
    TenantInactive,
}
