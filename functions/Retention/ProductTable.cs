namespace WhatsOps.Retention;

/// <summary>A table of the product that keeps more than anybody needs.</summary>
/// <param name="Column">The time that counts.</param>
/// <param name="Days">Rows whose time is longer ago are old; 0: those whose time has passed.</param>
internal sealed record ProductTable(string Name, string Column, int Days)
{
    /// <summary>R-050, R-051: the manual's two tables, and the product's real ones, since no code of it writes the second.</summary>
    public static IReadOnlyList<ProductTable> All { get; } =
    [
        new("api_logs", "created_at", 30),
        new("tenant_sessions_audit", "expires_at", 0),
        new("tenant_refresh_tokens", "expires_at", 0),
        new("tenant_refresh_sessions", "refresh_expires_at", 0),
    ];
}
