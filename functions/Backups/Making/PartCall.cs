namespace WhatsOps.Backups;

/// <summary>Make this part of this set.</summary>
public sealed record PartCall(Guid Set, string Part);
