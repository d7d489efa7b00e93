namespace WhatsOps.Backups;

/// <summary>What came of an activity of a backup.</summary>
/// <param name="Parts">The set's parts, in the order in which they are made.</param>
/// <param name="Problem">Why it did not succeed; null when it did.</param>
/// <param name="IsLasting">Another attempt would fail in the same way.</param>
public sealed record BackupStep(IReadOnlyList<string> Parts, string? Problem = null, bool IsLasting = false);
