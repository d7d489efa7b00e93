namespace WhatsOps.Fleet;

/// <summary>What an audit saw of a product's WhatsApp rows.</summary>
/// <param name="TenantCount">Rows of tenants, active or not; with none, "without a tenant" would say nothing.</param>
/// <param name="IsFiltered">Row level security hides rows from this role, so that what is not there may be there.</param>
/// <param name="IsCut">There were more rows than an audit reads.</param>
public sealed record IntegrationRows(IReadOnlyList<IntegrationRow> Rows, long TenantCount, bool IsFiltered, bool IsCut);
