namespace WhatsOps.Backups;

/// <summary>How a set ends: well, or with what went wrong.</summary>
public sealed record SetEnding(Guid Set, string? Problem);
