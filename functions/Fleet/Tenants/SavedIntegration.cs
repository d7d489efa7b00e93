namespace WhatsOps.Fleet;

/// <summary>What the product must know about a tenant's instance. No key: storing the gateway key per tenant in clear is a finding, not a habit to keep.</summary>
public sealed record SavedIntegration(string InstanceName, string ApiUrl, string? WebhookUrl, bool IsActive, string ConnectionStatus, string Environment = "production");
