using WhatsOps.Fleet;

namespace WhatsOps.Retention;

/// <summary>What a clean-up did to one table.</summary>
/// <param name="Policy">Of a product's table; null for WhatsOps' own.</param>
/// <param name="OldBefore">Old rows before; null when they could not be counted.</param>
/// <param name="OldAfter">Old rows left.</param>
/// <param name="Note">Why something was not done; null: all of it was.</param>
public sealed record TableCleanUp(string Table, Policy? Policy, long? OldBefore, long Deleted, long? OldAfter, string? Note = null);
