namespace WhatsOps.Fleet;

/// <summary>Where the product keeps its tenants.</summary>
public sealed record TenantDirectoryOptions
{
    /// <summary><c>revalya</c>: tables tenants and tenant_integrations. <c>turbozap</c>: each row of TurboZap's table instances is a tenant. <c>taktchat</c>: each WhatsApp connection of TaktChat's companies is one.</summary>
    public required string Kind { get; init; }

    /// <summary>Reference to the product database's connection string.</summary>
    public required string ConnectionString { get; init; }

    public string Schema { get; init; } = "public";
}
