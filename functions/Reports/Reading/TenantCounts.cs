namespace WhatsOps.Reports;

/// <summary>How many tenants a product has.</summary>
/// <param name="ActiveIntegrations">Tenants with a WhatsApp integration that is switched on.</param>
internal sealed record TenantCounts(long All, long Active, long ActiveIntegrations);
