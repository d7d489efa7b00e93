namespace WhatsOps.Incidents;

/// <summary>What was collected of a system, by whom and when, with a hash of every part. Beside the archive it has the archive's own hash, too; within it that cannot be.</summary>
/// <param name="Id">UTC time of the request, e.g. <c>20300101T031500Z</c>.</param>
/// <param name="Since">Logs, samples, findings, runs and the audit trail go back to it.</param>
/// <param name="Path">Of the archive in Blob Storage.</param>
/// <param name="Bytes">Of the archive; null within it.</param>
/// <param name="Sha256">Of the archive, lower-case hex; null within it.</param>
/// <param name="IsHeld">True: a legal hold keeps the storage from changing or deleting the archive; false: the storage has none, and only whoever may write there keeps it.</param>
public sealed record EvidenceManifest(
    string Id, string System, string CollectedBy, string? Reason, DateTimeOffset Since, DateTimeOffset CollectedAt, string Path, long? Bytes, string? Sha256, bool IsHeld, IReadOnlyList<EvidencePart> Parts);
