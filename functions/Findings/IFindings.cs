namespace WhatsOps.Findings;

/// <summary>Keeps the findings: one open per fingerprint, opened and closed by the rules of <see cref="CheckRun"/>.</summary>
public interface IFindings
{
    /// <summary>Records a pass with everything it saw wrong.</summary>
    Task<FindingChanges> RecordAsync(CheckRun run, IReadOnlyList<ObservedFinding> seen, CancellationToken cancellation);

    /// <summary>Records a finding born from an event or a run; it closes by <see cref="CloseAsync"/> or by a person.</summary>
    Task<Finding> RaiseAsync(ObservedFinding finding, DateTimeOffset at, CancellationToken cancellation);

    Task<IReadOnlyList<Finding>> ListAsync(FindingQuery query, CancellationToken cancellation);

    Task<Finding?> FindAsync(long id, CancellationToken cancellation);

    /// <summary>Everything that happened to a finding, oldest first.</summary>
    Task<IReadOnlyList<FindingChange>> HistoryAsync(long id, CancellationToken cancellation);

    /// <summary>Null when there is no such finding or it is closed; the same holds for the other decisions of a person.</summary>
    Task<Finding?> AcknowledgeAsync(long id, string by, CancellationToken cancellation);

    Task<Finding?> SilenceAsync(long id, string by, DateTimeOffset until, string? reason, CancellationToken cancellation);

    Task<Finding?> AcceptAsync(long id, string by, string reason, CancellationToken cancellation);

    Task<Finding?> CloseAsync(long id, string by, string reason, CancellationToken cancellation);
}
