namespace WhatsOps.Health;

/// <summary>A gateway, a product database, or a part of a product's API.</summary>
/// <param name="Kind"><c>gateway</c>, <c>product_database</c> or <c>product_api</c>.</param>
/// <param name="TookMs">Of the answer that counts: the list of a gateway, the ping of a database, the answer of an API.</param>
public sealed record ServiceReport(string Name, string Kind, HealthStatus Status, string? Detail, double? TookMs, string? Version, int Calls);
