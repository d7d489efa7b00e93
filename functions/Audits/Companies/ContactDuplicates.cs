namespace WhatsOps.Audits;

/// <summary>Rows of <c>"ContactListItems"</c> that repeat a number within a list .</summary>
/// <param name="Groups">Numbers that stand more than once in a list.</param>
/// <param name="Rows">Rows beyond the newest of each group: what TaktChat's own script deletes.</param>
/// <param name="Ids">The first of those rows.</param>
public sealed record ContactDuplicates(long Groups, long Rows, IReadOnlyList<int> Ids);
