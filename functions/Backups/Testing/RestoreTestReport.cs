namespace WhatsOps.Backups;

/// <summary>What a restore test found.</summary>
/// <param name="Seconds">From the first byte to the last count.</param>
/// <param name="Problem">Null: the set restores.</param>
public sealed record RestoreTestReport(Guid Set, double Seconds, int Tables, long Rows, string? Problem);
