namespace WhatsOps.Health;

/// <summary>A gateway or a product database.</summary>
/// <param name="Kind"><c>gateway</c> or <c>product_database</c>.</param>
/// <param name="TookMs">Of the answer that counts: the list of a gateway, the ping of a database.</param>
public sealed record ServiceReport(string Name, string Kind, HealthStatus Status, string? Detail, double? TookMs, string? Version, int Calls);
