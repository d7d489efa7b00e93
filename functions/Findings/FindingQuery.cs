using WhatsOps.Fleet;

namespace WhatsOps.Findings;

/// <summary>Which findings to list; null means any. Newest first, paged by id.</summary>
/// <param name="ClosedSince">Only those that were closed since then; goes with <paramref name="IncludeClosed"/>.</param>
public sealed record FindingQuery(
    string? System = null, string? Tenant = null, string? Kind = null, Severity? MinSeverity = null, bool IncludeClosed = false, long? BeforeId = null, int Limit = 200,
    DateTimeOffset? ClosedSince = null);
