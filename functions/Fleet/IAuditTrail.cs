namespace WhatsOps.Fleet;

/// <summary>Who did what to whom, append-only.</summary>
public interface IAuditTrail
{
    /// <param name="by">Operator name, or <c>policy</c> when WhatsOps acted by itself.</param>
    /// <param name="action">verb.noun, e.g. <c>finding.acknowledge</c>, <c>run.approve</c>, <c>fleet.apply</c>.</param>
    Task RecordAsync(string by, string action, string? system, string? tenant, string detail, CancellationToken cancellation);
}
