namespace WhatsOps.Backups;

/// <summary>How far a running set is.</summary>
/// <param name="Part">The part that is being made.</param>
/// <param name="Bytes">Bytes of it read so far, before compression.</param>
/// <param name="Expected">What the same part had in the last complete set; null for the first.</param>
/// <param name="SecondsLeft">At the speed so far; null when nothing is expected.</param>
public sealed record BackupProgress(string Part, long Bytes, long? Expected, double? SecondsLeft);
