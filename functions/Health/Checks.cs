namespace WhatsOps.Health;

/// <summary>Names of the sweep's checks; a finding is closed only by the check that saw it.</summary>
internal static class Checks
{
    /// <summary>One gateway: reachable, authorized, not failing as a whole. Scope: gateway.</summary>
    public const string Gateway = "gateway";

    /// <summary>The instances of one gateway's tenants. Scope: gateway.</summary>
    public const string Instances = "instances";

    /// <summary>Tenants whose gateway cannot be told. Scope: system.</summary>
    public const string Placement = "placement";

    /// <summary>What the product's own tables say. Scope: system.</summary>
    public const string Integrations = "integrations";

    /// <summary>The product's database. Scope: system.</summary>
    public const string ProductDatabase = "product_database";

    /// <summary>The API that stands before the product's database. Scope: system.</summary>
    public const string ProductApi = "product_api";

    /// <summary>The sweep itself. Scope: system.</summary>
    public const string Sweep = "sweep";
}
