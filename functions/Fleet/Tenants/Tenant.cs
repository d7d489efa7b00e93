namespace WhatsOps.Fleet;

/// <summary>A customer of the operated product, as its own tables say.</summary>
/// <param name="System">Name of the fleet's system.</param>
/// <param name="Slug">Exact slug; unique within the system.</param>
/// <param name="IsActive">tenants.is_active (or active, where the product has that column).</param>
/// <param name="Integration">Null: no WhatsApp configured, which is healthy .</param>
public sealed record Tenant(string System, string Slug, bool IsActive, TenantIntegration? Integration);
