namespace WhatsOps.Fleet;

/// <summary>Where the product keeps its tenants.</summary>
public sealed record TenantDirectoryOptions
{
    /// <summary><c>revalya</c>: tables tenants and tenant_integrations. <c>turbozap</c>: each row of TurboZap's table instances is a tenant. <c>taktchat</c>: each WhatsApp connection of TaktChat's companies is one.</summary>
    public required string Kind { get; init; }

    /// <summary>Reference to the product database's connection string.</summary>
    public required string ConnectionString { get; init; }

    public string Schema { get; init; } = "public";

    /// <summary>Of kind revalya: address of the product's Supabase, whose API is looked at beside the database. Null: it is not asked.</summary>
    public string? SupabaseUrl { get; init; }

    /// <summary>Reference to a key that may read <c>/rest/v1/</c>; needed with <see cref="SupabaseUrl"/>.</summary>
    public string? SupabaseKey { get; init; }
}
