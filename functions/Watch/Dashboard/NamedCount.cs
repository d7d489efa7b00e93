namespace WhatsOps.Watch;

/// <summary>How many of what.</summary>
public sealed record NamedCount(string Name, long Count);
