namespace WhatsOps.Fleet;

/// <summary>The tenant's WhatsApp row in the product's tenant_integrations, without its credentials.</summary>
/// <param name="InstanceName">config.instance_name; null when the row has none.</param>
/// <param name="IsActive">Set to false by the product's own page on disconnect, so it does not mean "switched off on purpose".</param>
/// <param name="ApiUrl">config.api_url: which gateway the product believes in; null when absent.</param>
public sealed record TenantIntegration(
    string? InstanceName, bool IsActive, string? ConnectionStatus, string? ApiUrl, string? WebhookUrl, DateTimeOffset? UpdatedAt);
