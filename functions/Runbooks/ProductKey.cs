namespace WhatsOps.Runbooks;

/// <summary>What stands in config.api_key of a tenant's rows.</summary>
public enum ProductKey
{
    None,

    /// <summary>The gateway's own.</summary>
    Right,

    Another,
}
