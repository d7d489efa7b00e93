namespace WhatsOps.Retention;

/// <summary>What a run of clean-up did.</summary>
/// <param name="Own">WhatsOps' tables that had old rows.</param>
/// <param name="Product">The product's tables that hold records of old, whatever the policy.</param>
public sealed record CleanUpReport(IReadOnlyList<TableCleanUp> Own, IReadOnlyList<TableCleanUp> Product);
