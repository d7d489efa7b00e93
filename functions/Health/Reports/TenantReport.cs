namespace WhatsOps.Health;

/// <summary>One active tenant.</summary>
/// <param name="State">snake_case state of its instance; null when there is none or it was not seen.</param>
public sealed record TenantReport(string Tenant, HealthStatus Status, string Message, string? Gateway, string? Instance, string? State);
