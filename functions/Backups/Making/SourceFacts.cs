namespace WhatsOps.Backups;

/// <summary>What a source tells of what it wrote; the members are those of <see cref="BackupPart"/>.</summary>
internal sealed record SourceFacts(string? Server, string? Tool, IReadOnlyDictionary<string, long> Counts, bool IsWhole, IReadOnlyList<string> Notices)
{
    public IReadOnlyDictionary<string, long> Probes { get; init; } = new Dictionary<string, long>();
}
