namespace WhatsOps.ConformanceApp;

/// <summary>Input of the activity that fails on purpose.</summary>
public sealed record Attempt(string Instance, int Failures);
