namespace WhatsOps.Reports;

/// <summary>How long a tenant's calls took.</summary>
/// <param name="Answers">Calls that were answered.</param>
public sealed record TenantTime(string Tenant, decimal AverageMs, long Answers);
