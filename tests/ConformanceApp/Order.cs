namespace WhatsOps.ConformanceApp;

/// <summary>Something to send.</summary>
public sealed record Order(string Product, int Amount, IReadOnlyList<string>? Notes = null);
