namespace WhatsOps.Audits;

/// <summary>What one audit of one system saw; kept with the run of its routine.</summary>
/// <param name="Rows">One per tenant, and one per thing that belongs to no tenant.</param>
/// <param name="NotObservable">Sources that are missing, so that this much is not watched; each is also a finding.</param>
/// <param name="Unfinished">What could not be looked at this time; nothing is closed there.</param>
public sealed record AuditReport(
    string Audit, DateTimeOffset At, IReadOnlyList<AuditRow> Rows, IReadOnlyList<string> NotObservable, IReadOnlyList<string> Unfinished);
