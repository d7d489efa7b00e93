namespace WhatsOps.Findings;

/// <summary>What a pass changed: alerts are made from this, in the same transaction's outbox.</summary>
public sealed record FindingChanges(IReadOnlyList<Finding> Opened, IReadOnlyList<Finding> Worsened, IReadOnlyList<Finding> Closed);
